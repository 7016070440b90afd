import { memo, useEffect, useRef } from "react";
import type { Conversation } from "../api/models";
import { timeSince, useNow } from "../ui/time";
import { EscalationBadge, intentWords, LanguageChip, SentimentChip } from "./Chips";
import { useDesk } from "./context";
import { grouped, type QueueState, unreadCount } from "./queue";

interface QueueListProps {
  state: QueueState;
  openId: string | null;
  marks: Readonly<Record<string, number>>;
  onOpen: (conversationId: string) => void;
  onMore: () => void;
}

export function QueueList({ state, openId, marks, onOpen, onMore }: QueueListProps) {
  const { account, language } = useDesk();
  const now = useNow();
  const { mine, waiting, others } = grouped(state, account.id);
  const sections = [
    { name: "Mine", conversations: mine, empty: "You have no conversation yet." },
    { name: "Waiting", conversations: waiting, empty: "Nobody is waiting." },
    { name: "With colleagues", conversations: others, empty: null },
  ];
  if (!state.loaded) return <p className="pane-note">Loading conversations…</p>;
  return (
    <>
      {sections.map(({ name, conversations, empty }) =>
        conversations.length === 0 && empty === null ? null : (
          <section key={name} className="queue-group" aria-label={name}>
            <h2>
              {name} <span className="count-badge">{conversations.length}</span>
            </h2>
            {conversations.length === 0 ? (
              <p className="pane-note">{empty}</p>
            ) : (
              <ul>
                {conversations.map((conversation) => (
                  <li key={conversation.id}>
                    <QueueItem
                      conversation={conversation}
                      open={conversation.id === openId}
                      unread={
                        conversation.id === openId
                          ? 0
                          : unreadCount(conversation, marks[conversation.id] ?? 0)
                      }
                      since={timeSince(conversation.last_message_at, now, language)}
                      onOpen={onOpen}
                    />
                  </li>
                ))}
              </ul>
            )}
          </section>
        ),
      )}
      {state.continuation !== null && (
        <button type="button" className="more" onClick={onMore}>
          Load more
        </button>
      )}
    </>
  );
}

interface QueueItemProps {
  conversation: Conversation;
  open: boolean;
  unread: number;
  since: string;
  onOpen: (conversationId: string) => void;
}

export const QueueItem = memo(function QueueItem(props: QueueItemProps) {
  const { conversation, open, unread, since, onOpen } = props;
  const { account } = useDesk();
  const { id, customer_name, primary_lang, intent, sentiment, escalation, status } = conversation;
  const withColleague = status === "active" && conversation.assigned_agent !== account.id;
  const item = useRef<HTMLButtonElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a claim moves the item to another part of the list
  useEffect(() => {
    if (open) item.current?.scrollIntoView({ block: "nearest" });
  }, [open, status]);

  return (
    <button
      ref={item}
      type="button"
      className={`queue-item ${unread > 0 ? "unread" : ""}`}
      data-testid="queue-item"
      data-conversation-id={id}
      data-status={status}
      aria-current={open ? "true" : undefined}
      onClick={() => onOpen(id)}
    >
      <span className="queue-line">
        <strong dir="auto" title={customer_name}>
          {customer_name}
        </strong>
        <time dateTime={conversation.last_message_at}>{since}</time>
      </span>
      <span className="queue-line">
        <span className="queue-preview" dir="auto">
          {conversation.last_sender === "agent" && <span className="muted">↩ </span>}
          {conversation.last_message_preview || "No message yet"}
        </span>
        {unread > 0 && (
          <span className="unread-badge" data-testid="unread">
            {unread > 99 ? "99+" : unread}
            <span className="visually-hidden"> unread</span>
          </span>
        )}
      </span>
      <span className="chips queue-chips">
        {escalation && <EscalationBadge escalation={escalation} />}
        {primary_lang && <LanguageChip code={primary_lang} />}
        {sentiment && <SentimentChip sentiment={sentiment} bare />}
        {intent && (
          <span className="chip intent">
            <span>{intentWords(intent)}</span>
          </span>
        )}
        {withColleague && (
          <span className="chip colleague" title={conversation.assigned_agent_name ?? undefined}>
            <span>{conversation.assigned_agent_name}</span>
          </span>
        )}
        {status === "resolved" && <span className="chip resolved">Resolved</span>}
      </span>
    </button>
  );
});
