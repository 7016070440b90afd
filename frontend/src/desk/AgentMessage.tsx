import { memo } from "react";
import type { Message } from "../api/models";
import type { ThreadSession } from "../chat/session";
import type { Outgoing } from "../chat/thread";
import { languageName } from "../i18n/languages";
import { clockTime, fullTime } from "../ui/time";
import { MessageChips } from "./Chips";
import { useDesk } from "./context";

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
  const first = fromCustomer && translated !== null ? translated : message.text_content;
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
      <p
        className="bubble-text"
        dir="auto"
        data-testid="message-text"
        lang={fromCustomer && translated !== null ? translation?.target_language : source}
      >
        {first}
      </p>
      {translated !== null && (
        <p className="bubble-other" data-testid="message-other">
          <span className="label">
            {fromCustomer
              ? `Original${source ? `, ${languageName(source, language)}` : ""}`
              : `The customer reads, ${languageName(translation?.target_language ?? "", language)}`}
          </span>
          <span dir="auto" lang={fromCustomer ? source : translation?.target_language}>
            {fromCustomer ? message.text_content : translated}
          </span>
        </p>
      )}
      {translation?.state === "untranslated" && (
        <p className="bubble-other" data-testid="untranslated">
          <span className="label warn">
            {fromCustomer
              ? `Not translated${source ? ` from ${languageName(source, language)}` : ""}`
              : `Sent as written: no translation into ${languageName(translation.target_language, language)}`}
          </span>
        </p>
      )}
      {fromCustomer && <MessageChips message={message} />}
      {fate && (
        <p className="bubble-foot" data-testid="message-state">
          {fate}
        </p>
      )}
    </article>
  );
});

export function AgentOutgoing({ outgoing, thread }: { outgoing: Outgoing; thread: ThreadSession<Message> }) {
  const { account } = useDesk();
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
            <span className="error">Not sent</span>
            <button
              type="button"
              className="link"
              data-testid="retry"
              onClick={() => thread.retry(outgoing.clientMessageId)}
            >
              Try again
            </button>
            <button type="button" className="link" onClick={() => thread.discard(outgoing.clientMessageId)}>
              Discard
            </button>
          </>
        ) : (
          "Sending…"
        )}
      </p>
    </article>
  );
}
