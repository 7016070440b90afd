import type { RefObject } from "react";
import type { Conversation } from "../api/models";
import { Icon } from "../ui/Icon";
import { EscalationBadge, LanguageChip } from "./Chips";
import { useDesk } from "./context";

export type Action = "claim" | "release" | "resolve";

interface ThreadHeadProps {
  conversation: Conversation;
  /** The change under way, if any. */
  busy: Action | null;
  detailsShown: boolean;
  detailsButton: RefObject<HTMLButtonElement | null>;
  onAct: (action: Action) => void;
  onTicket: () => void;
  onBack: () => void;
  onDetails: () => void;
}

export function ThreadHead(props: ThreadHeadProps) {
  const { conversation, busy, detailsShown, detailsButton, onAct, onTicket, onBack, onDetails } = props;
  const { account } = useDesk();
  const { status } = conversation;
  const mine = conversation.assigned_agent === account.id;
  const leads = account.role === "supervisor" || account.role === "admin";
  return (
    <header className="thread-head">
      <button
        type="button"
        className="plain icon-button only-phone"
        aria-label="Back to the queue"
        onClick={onBack}
      >
        <Icon name="back" />
      </button>
      <div className="thread-title">
        <h1 dir="auto" title={conversation.customer_name}>
          {conversation.customer_name}
        </h1>
        <p className="muted" data-testid="thread-status" data-status={status} aria-live="polite">
          {statusWords(conversation, mine)}
        </p>
      </div>
      <div className="chips">
        {conversation.escalation && <EscalationBadge escalation={conversation.escalation} />}
        {conversation.primary_lang && <LanguageChip code={conversation.primary_lang} />}
      </div>
      <div className="thread-actions">
        {status === "waiting" && (
          <button
            type="button"
            className="primary"
            data-testid="claim"
            disabled={busy !== null}
            onClick={() => onAct("claim")}
          >
            Claim
          </button>
        )}
        {status === "active" && (mine || leads) && (
          <>
            <button
              type="button"
              data-testid="release"
              disabled={busy !== null}
              onClick={() => onAct("release")}
            >
              Release
            </button>
            <button
              type="button"
              data-testid="resolve"
              disabled={busy !== null}
              onClick={() => onAct("resolve")}
            >
              <Icon name="check" /> Resolve
            </button>
          </>
        )}
        <button type="button" data-testid="raise-ticket" aria-label="Raise a ticket" onClick={onTicket}>
          <Icon name="ticket" /> <span className="wide-only">Ticket</span>
        </button>
        <button
          ref={detailsButton}
          type="button"
          className="plain icon-button only-without-side"
          aria-label="Customer and tickets"
          aria-expanded={detailsShown}
          onClick={onDetails}
        >
          <Icon name="panel" />
        </button>
      </div>
    </header>
  );
}

function statusWords(conversation: Conversation, mine: boolean): string {
  if (conversation.status === "resolved") return "Resolved";
  if (conversation.status === "waiting") return "Waiting for an agent";
  return mine ? "With you" : `With ${conversation.assigned_agent_name ?? "a colleague"}`;
}
