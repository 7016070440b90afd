import { useState } from "react";
import type { CustomerMessage } from "../api/models";
import type { ThreadSession } from "../chat/session";
import { follows, type Outgoing, type ThreadState } from "../chat/thread";
import { useStickToEnd } from "../chat/useStickToEnd";
import { problemText } from "../i18n/catalogue";
import type { Catalogue } from "../i18n/en";
import { languageName, regional } from "../i18n/languages";
import { Icon } from "../ui/Icon";
import { clockTime, fullTime } from "../ui/time";
import type { StoredSession } from "./storage";

interface MessagesProps {
  expired: boolean;
  session: StoredSession;
  thread: ThreadSession<CustomerMessage>;
  state: ThreadState<CustomerMessage>;
  texts: Catalogue;
  textLanguage: string;
  textDirection: "ltr" | "rtl";
}

export function Messages({
  expired,
  session,
  thread,
  state,
  texts,
  textLanguage,
  textDirection,
}: MessagesProps) {
  const { messages, outgoing, typing } = state;
  const { list, below, toEnd, onScroll } = useStickToEnd(
    `${messages.at(-1)?.id}/${typing !== null}`,
    `${outgoing.at(-1)?.clientMessageId}`,
  );
  const lastOwn = messages.findLast(({ sender }) => sender === "customer")?.seq;
  const timeLanguage = regional(textLanguage);

  return (
    <div className="thread-frame">
      <div className="thread" ref={list} onScroll={onScroll}>
        <div className="thread-inside" role="log" aria-label={texts.messages} aria-busy={!state.loaded}>
          {!state.loaded && !expired && messages.length === 0 && outgoing.length === 0 && (
            <p className="thread-note">{texts.loading}</p>
          )}
          {state.loaded && messages.length === 0 && outgoing.length === 0 && (
            <p className="thread-note" dir={textDirection}>
              {texts.welcome(session.name)}
            </p>
          )}
          {messages.map((message, index) => (
            <CustomerMessageView
              key={message.client_message_id}
              message={message}
              follows={follows(messages[index - 1], message)}
              texts={texts}
              textLanguage={textLanguage}
              timeLanguage={timeLanguage}
              state={
                message.seq === lastOwn && outgoing.length === 0
                  ? (state.readUpTo.agent ?? 0) >= message.seq
                    ? texts.seen
                    : texts.sent
                  : null
              }
            />
          ))}
          {outgoing.map((one) => (
            <OutgoingView key={one.clientMessageId} outgoing={one} thread={thread} texts={texts} />
          ))}
          {typing && (
            <p className="typing" data-testid="typing">
              <span className="dots" aria-hidden="true" />
              {texts.typing(typing.name)}
            </p>
          )}
        </div>
      </div>
      {below && (
        <button type="button" className="to-end" onClick={toEnd}>
          <Icon name="down" /> {texts.newBelow}
        </button>
      )}
    </div>
  );
}

interface ViewProps {
  message: CustomerMessage;
  /** Whether it continues what the same person just said. */
  follows: boolean;
  texts: Catalogue;
  textLanguage: string;
  timeLanguage: string;
  /** What to say about its fate, or null for nothing. */
  state: string | null;
}

function CustomerMessageView({ message, follows, texts, textLanguage, timeLanguage, state }: ViewProps) {
  const [original, setOriginal] = useState(false);
  const { translation } = message;
  const translated = translation?.state === "translated" ? translation.text : null;
  const source = translation?.source_language;
  const showOriginal = translated === null || original;
  return (
    <article
      className={`bubble from-${message.sender} ${follows ? "follows" : ""}`}
      data-testid="message"
      data-seq={message.seq}
      data-sender={message.sender}
    >
      <p className="bubble-who">{message.sender === "customer" ? texts.you : message.sender_name}</p>
      <p
        className="bubble-text"
        dir="auto"
        data-testid="message-text"
        lang={(showOriginal ? source : translation?.target_language) ?? undefined}
      >
        {showOriginal ? message.text_content : translated}
      </p>
      <p className="bubble-foot">
        {translated !== null && (
          <>
            {source && <span>{texts.translated(languageName(source, textLanguage))}</span>}
            <button type="button" className="link" onClick={() => setOriginal(!original)}>
              {original ? texts.showTranslation : texts.showOriginal}
            </button>
          </>
        )}
        {translation?.state === "untranslated" && <span>{texts.notTranslated}</span>}
        <time dateTime={message.timestamp} title={fullTime(message.timestamp, timeLanguage)}>
          {clockTime(message.timestamp, timeLanguage)}
        </time>
        {state && <span data-testid="message-state">{state}</span>}
      </p>
    </article>
  );
}

interface OutgoingProps {
  outgoing: Outgoing;
  thread: ThreadSession<CustomerMessage>;
  texts: Catalogue;
}

function OutgoingView({ outgoing, thread, texts }: OutgoingProps) {
  const failed = outgoing.state === "failed";
  return (
    <article
      className={`bubble from-customer ${outgoing.state}`}
      data-testid="outgoing"
      data-state={outgoing.state}
    >
      <p className="bubble-who">{texts.you}</p>
      <p className="bubble-text" dir="auto">
        {outgoing.text}
      </p>
      <p className="bubble-foot" role={failed ? "alert" : undefined}>
        {failed ? (
          <>
            <span className="error">
              {texts.failed}: {problemText(texts, outgoing.code)}
            </span>
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
