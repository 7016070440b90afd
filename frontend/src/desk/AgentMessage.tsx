import { memo } from "react";
import type { Message } from "../api/models";
import type { ThreadSession } from "../chat/session";
import type { Outgoing } from "../chat/thread";
import { languageName } from "../i18n/languages";
import { clockTime, fullTime } from "../ui/time";
import { MessageChips } from "./Chips";
import { useDesk } from "./context";
import { Diagnosis } from "./Diagnosis";

interface AgentMessageProps {
  message: Message;
  /** Whether it continues what the same person just said. */
  follows: boolean;
  /** `Seen` or `Sent` under the latest reply, else null. */
  fate: string | null;
}

/** One message as agents see it: in their language first, with the original beneath. */
export const AgentMessage = memo(function AgentMessage({ message, follows, fate }: AgentMessageProps) {
  const { language } = useDesk();
  const { sender, translation } = message;
  const translated = translation?.state === "translated" ? translation.text : null;
  const fromCustomer = sender === "customer";
  const showsTranslation = fromCustomer && translated !== null;
  const source = translation?.source_language ?? message.language?.language ?? undefined;
  return (
    <article
      className={`bubble from-${sender} ${follows ? "follows" : ""}`}
      data-testid="message"
      data-seq={message.seq}
      data-sender={sender}
      data-analysis={message.analysis_state}
    >
      <p className="bubble-who">
        {message.sender_name}
        <time dateTime={message.timestamp} title={fullTime(message.timestamp, language)}>
          {clockTime(message.timestamp, language)}
        </time>
      </p>
      {showsTranslation && translation?.quality === "gist" && <RoughNote />}
      <p
        className={`bubble-text ${message.diagnosis ? "pasted" : ""}`}
        dir="auto"
        data-testid="message-text"
        lang={showsTranslation ? translation?.target_language : source}
      >
        {showsTranslation ? translated : message.text_content}
      </p>
      <OtherText message={message} source={source} />
      {fromCustomer && <MessageChips message={message} />}
      {message.diagnosis && <Diagnosis diagnosis={message.diagnosis} />}
      {fate && (
        <p className="bubble-foot" data-testid="message-state">
          {fate}
        </p>
      )}
    </article>
  );
});

function RoughNote() {
  const { texts } = useDesk();
  return (
    <p className="rough-note" data-testid="rough" title={texts.roughTitle}>
      <span aria-hidden="true">≈</span> {texts.rough}
      <span className="visually-hidden">. {texts.roughTitle}</span>
    </p>
  );
}

/** The same message in the language of the other side, or that it could not be translated. */
function OtherText({ message, source }: { message: Message; source: string | undefined }) {
  const { language, texts } = useDesk();
  const { translation } = message;
  const fromCustomer = message.sender === "customer";
  const sourceName = source ? languageName(source, language) : null;
  if (translation?.state === "untranslated") {
    return (
      <p className="bubble-other" data-testid="untranslated">
        <span className="label warn">
          {fromCustomer
            ? texts.notTranslated(sourceName)
            : texts.sentAsWritten(languageName(translation.target_language, language))}
        </span>
      </p>
    );
  }
  if (translation?.state !== "translated" || translation.text === null) return null;
  return (
    <p className="bubble-other" data-testid="message-other">
      <span className="label">
        {fromCustomer
          ? texts.original(sourceName)
          : texts.customerReads(languageName(translation.target_language, language))}
      </span>
      <span dir="auto" lang={fromCustomer ? source : translation.target_language}>
        {fromCustomer ? message.text_content : translation.text}
      </span>
    </p>
  );
}

export function AgentOutgoing({ outgoing, thread }: { outgoing: Outgoing; thread: ThreadSession<Message> }) {
  const { account, texts } = useDesk();
  const failed = outgoing.state === "failed";
  return (
    <article
      className={`bubble from-agent ${outgoing.state}`}
      data-testid="outgoing"
      data-state={outgoing.state}
    >
      <p className="bubble-who">{account.full_name}</p>
      <p className="bubble-text" dir="auto">
        {outgoing.text}
      </p>
      <p className="bubble-foot" role={failed ? "alert" : undefined}>
        {failed ? (
          <>
            <span className="error">{texts.notSent}</span>
            <button
              type="button"
              className="link"
              data-testid="retry"
              onClick={() => thread.retry(outgoing.clientMessageId)}
            >
              {texts.retry}
            </button>
            <button type="button" className="link" onClick={() => thread.discard(outgoing.clientMessageId)}>
              {texts.discard}
            </button>
          </>
        ) : (
          texts.sending
        )}
      </p>
    </article>
  );
}
