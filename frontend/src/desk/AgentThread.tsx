import type { Conversation, Message } from "../api/models";
import type { ThreadSession } from "../chat/session";
import { follows, type ThreadState } from "../chat/thread";
import { useStickToEnd } from "../chat/useStickToEnd";
import { Icon } from "../ui/Icon";
import { dayName } from "../ui/time";
import { AgentMessage, AgentOutgoing } from "./AgentMessage";
import { useDesk } from "./context";

interface AgentThreadProps {
  conversation: Conversation | null;
  thread: ThreadSession<Message>;
  state: ThreadState<Message>;
}

export function AgentThread({ conversation, thread, state }: AgentThreadProps) {
  const { language, texts } = useDesk();
  const { messages, outgoing, typing } = state;
  const { list, below, toEnd, onScroll } = useStickToEnd(
    `${messages.at(-1)?.id}/${typing !== null}`,
    `${state.conversationId}/${state.loaded}/${outgoing.at(-1)?.clientMessageId}`,
  );
  const lastOwn = messages.findLast(({ sender }) => sender === "agent")?.seq;
  const seen = state.readUpTo.customer ?? 0;
  let day = "";

  return (
    <div className="thread-frame">
      <div className="thread" ref={list} onScroll={onScroll}>
        <div className="thread-inside" role="log" aria-label={texts.messages} aria-busy={!state.loaded}>
          {!state.loaded && messages.length === 0 && <p className="thread-note">{texts.loadingMessages}</p>}
          {state.loaded && messages.length === 0 && (
            <p className="thread-note">{texts.notWrittenYet(conversation?.customer_name ?? "")}</p>
          )}
          {messages.map((message, index) => {
            const name = dayName(message.timestamp, language);
            const newDay = name !== day;
            day = name;
            return (
              <div key={message.client_message_id} className="thread-row">
                {newDay && <p className="day">{name}</p>}
                <AgentMessage
                  message={message}
                  follows={!newDay && follows(messages[index - 1], message)}
                  fate={message.seq === lastOwn ? (seen >= message.seq ? texts.seen : texts.sent) : null}
                />
              </div>
            );
          })}
          {outgoing.map((one) => (
            <AgentOutgoing key={one.clientMessageId} outgoing={one} thread={thread} />
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
          <Icon name="down" /> {texts.newMessages}
        </button>
      )}
    </div>
  );
}
