import type { RefObject } from "react";
import type { AccountProfile, Conversation } from "../api/models";
import type { DeskTexts } from "../i18n/desk.en";
import { mayLook } from "../staff/roles";
import { Icon } from "../ui/Icon";
import { LanguageChip, MarkChip } from "./Chips";
import { useDesk } from "./context";
import { marksOf } from "./feelings";

export type Action = "claim" | "release" | "resolve";

export function mayClaim({ status }: Conversation): boolean {
  return status === "waiting";
}

/** Whether somebody may release or resolve it: who has it, and who leads. */
export function mayEnd({ status, assigned_agent }: Conversation, account: AccountProfile): boolean {
  return status === "active" && (assigned_agent === account.id || mayLook(account));
}

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
  const { account, texts } = useDesk();
  const mine = conversation.assigned_agent === account.id;
  return (
    <header className="thread-head">
      <button
        type="button"
        className="plain icon-button only-phone"
        aria-label={texts.backToQueue}
        onClick={onBack}
      >
        <Icon name="back" />
      </button>
      <div className="thread-title">
        <h1 dir="auto" title={conversation.customer_name}>
          {conversation.customer_name}
        </h1>
        <p className="muted" data-testid="thread-status" data-status={conversation.status} aria-live="polite">
          {statusWords(texts, conversation, mine)}
        </p>
      </div>
      <div className="chips">
        {marksOf(conversation).map((mark) => (
          <MarkChip key={mark} mark={mark} escalated={conversation.escalation?.reason === mark} />
        ))}
        {conversation.primary_lang && <LanguageChip code={conversation.primary_lang} />}
      </div>
      <div className="thread-actions">
        {mayClaim(conversation) && (
          <button
            type="button"
            className="primary"
            data-testid="claim"
            disabled={busy !== null}
            onClick={() => onAct("claim")}
          >
            {texts.claim}
          </button>
        )}
        {mayEnd(conversation, account) && (
          <>
            <button
              type="button"
              data-testid="release"
              disabled={busy !== null}
              onClick={() => onAct("release")}
            >
              {texts.release}
            </button>
            <button
              type="button"
              data-testid="resolve"
              disabled={busy !== null}
              onClick={() => onAct("resolve")}
            >
              <Icon name="check" /> {texts.resolve}
            </button>
          </>
        )}
        <button type="button" data-testid="raise-ticket" aria-label={texts.raiseTicket} onClick={onTicket}>
          <Icon name="ticket" /> <span className="wide-only">{texts.ticket}</span>
        </button>
        <button
          ref={detailsButton}
          type="button"
          className="plain icon-button only-without-side"
          aria-label={texts.customerAndTickets}
          aria-expanded={detailsShown}
          onClick={onDetails}
        >
          <Icon name="panel" />
        </button>
      </div>
    </header>
  );
}

function statusWords(texts: DeskTexts, conversation: Conversation, mine: boolean): string {
  if (conversation.status === "resolved") return texts.resolved;
  if (conversation.status === "waiting") return texts.waitingForAgent;
  return mine ? texts.withYou : texts.withAgent(conversation.assigned_agent_name ?? texts.aColleague);
}
