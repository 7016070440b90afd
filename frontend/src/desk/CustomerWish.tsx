import type { Message } from "../api/models";
import { baseLanguage } from "../i18n/languages";
import { staffTextsFor } from "../i18n/staff";
import { Icon } from "../ui/Icon";
import { useDesk } from "./context";

interface CustomerWishProps {
  /** The customer's latest message. */
  message: Message | null;
  canReply: boolean;
  onInsert: (text: string) => void;
}

/** What the customer is after, and what has to be asked for; nothing where no engine could tell. */
export function CustomerWish({ message, canReply, onInsert }: CustomerWishProps) {
  const { texts, supported } = useDesk();
  const request = message?.request;
  if (!request) return null;
  const missing = request.missing_information;
  const ask = () => {
    // The reply is written in the agents' language, whichever the desk itself is shown in.
    const replies = staffTextsFor([supported ? baseLanguage(supported.agent_language) : null]).texts.desk;
    onInsert(replies.question(missing));
  };
  return (
    <section className="panel wish" aria-label={texts.request} data-testid="wish">
      <h2>
        <Icon name="target" /> {texts.request}
      </h2>
      <p dir="auto">{request.wants}</p>
      {missing.length > 0 && (
        <>
          <h3>{texts.missing}</h3>
          <ul className="steps">
            {missing.map((one) => (
              <li key={one} dir="auto">
                {one}
              </li>
            ))}
          </ul>
          {canReply && (
            <button type="button" className="small" data-testid="ask" title={texts.askTitle} onClick={ask}>
              {texts.askForIt}
            </button>
          )}
        </>
      )}
    </section>
  );
}
