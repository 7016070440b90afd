import { memo, useEffect, useRef } from "react";
import type { Conversation } from "../api/models";
import { Icon } from "../ui/Icon";
import { timeSince, useNow } from "../ui/time";
import { intentWords } from "../ui/words";
import { LanguageChip, MarkChip, SentimentChip } from "./Chips";
import { useDesk } from "./context";
import { marksOf, needsAttention } from "./feelings";
import { grouped, type QueueState, unreadCount } from "./queue";

interface QueueListProps {
  state: QueueState;
  openId: string | null;
  marks: Readonly<Record<string, number>>;
  /** Whether only those are shown that need attention. */
  onlyUrgent: boolean;
  onOnlyUrgent: (only: boolean) => void;
  onOpen: (conversationId: string) => void;
  onMore: () => void;
}

export function QueueList(props: QueueListProps) {
  const { state, openId, marks, onlyUrgent, onOnlyUrgent, onOpen, onMore } = props;
  const { account, language, texts } = useDesk();
  const now = useNow();
  const groups = grouped(state, account.id);
  const standOut = [...groups.mine, ...groups.waiting, ...groups.others].filter(needsAttention).length;
  const shown = (conversations: readonly Conversation[]) =>
    onlyUrgent ? conversations.filter(needsAttention) : conversations;
  const sections = [
    { name: texts.mine, conversations: shown(groups.mine), empty: texts.mineEmpty },
    { name: texts.waiting, conversations: shown(groups.waiting), empty: texts.waitingEmpty },
    { name: texts.colleagues, conversations: shown(groups.others), empty: null },
  ].map((section) => (onlyUrgent ? { ...section, empty: null } : section));
  if (!state.loaded) return <p className="pane-note">{texts.loadingConversations}</p>;
  return (
    <>
      {(standOut > 0 || onlyUrgent) && (
        <button
          type="button"
          className="small attention"
          data-testid="needs-attention"
          aria-pressed={onlyUrgent}
          onClick={() => onOnlyUrgent(!onlyUrgent)}
        >
          <Icon name="alert" /> {texts.needsAttention} <span className="count-badge">{standOut}</span>
        </button>
      )}
      {onlyUrgent && standOut === 0 && <p className="pane-note">{texts.needsAttentionNone}</p>}
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
          {texts.loadMore}
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
  const { account, texts } = useDesk();
  const { id, customer_name, primary_lang, intent, sentiment, escalation, status } = conversation;
  const standsOut = marksOf(conversation);
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
          {conversation.last_message_preview || texts.noMessageYet}
        </span>
        {unread > 0 && (
          <span className="unread-badge" data-testid="unread">
            {unread > 99 ? "99+" : unread}
            <span className="visually-hidden"> {texts.unread}</span>
          </span>
        )}
      </span>
      <span className="chips queue-chips">
        {standsOut.map((mark) => (
          <MarkChip key={mark} mark={mark} escalated={escalation?.reason === mark} />
        ))}
        {primary_lang && <LanguageChip code={primary_lang} />}
        {sentiment && !standsOut.includes("anger") && <SentimentChip sentiment={sentiment} bare />}
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
        {status === "resolved" && <span className="chip resolved">{texts.resolved}</span>}
      </span>
    </button>
  );
});
