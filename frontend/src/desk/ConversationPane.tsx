import { type RefObject, useEffect, useRef, useState } from "react";
import type { Conversation, Suggestion } from "../api/models";
import { Composer } from "../chat/Composer";
import type { DeskTexts } from "../i18n/desk.en";
import { Icon } from "../ui/Icon";
import { useMedia } from "../ui/useMedia";
import { AgentThread } from "./AgentThread";
import { type Change, Culture } from "./Culture";
import { CustomerPanel } from "./CustomerPanel";
import { CustomerWish } from "./CustomerWish";
import { useDesk } from "./context";
import { FormalityChoice } from "./FormalityChoice";
import { continued } from "./insertions";
import { Suggestions } from "./Suggestions";
import { type Action, mayClaim, mayEnd, ThreadHead } from "./ThreadHead";
import { RaiseTicket, Tickets } from "./Tickets";
import { repliedInto, spokenBy } from "./translation";
import type { Draft } from "./useDrafts";
import { useFormality } from "./useFormality";
import type { OpenConversation } from "./useOpenConversation";
import { useShortcuts } from "./useShortcuts";

/** From this width on the side panel has a column of its own. */
export const SIDE_COLUMN = "(min-width: 70rem)";

interface ConversationPaneProps {
  conversation: Conversation;
  open: OpenConversation;
  draft: Draft;
  composer: RefObject<HTMLTextAreaElement | null>;
  onDraft: (draft: Draft) => void;
  onChanged: (conversation: Conversation) => void;
  onBack: () => void;
}

export function ConversationPane(props: ConversationPaneProps) {
  const { conversation, open, draft, composer, onDraft, onChanged, onBack } = props;
  const { api, account, texts, supported, fail } = useDesk();
  const { thread, state } = open;
  const [busy, setBusy] = useState<Action | null>(null);
  const [details, setDetails] = useState(false);
  const ticketDialog = useRef<HTMLDialogElement>(null);
  const detailsButton = useRef<HTMLButtonElement>(null);
  const closeButton = useRef<HTMLButtonElement>(null);
  const sideColumn = useMedia(SIDE_COLUMN);
  const [formality, setFormality] = useFormality(conversation.id);
  const into = repliedInto(conversation, supported);
  const spoken = open.customer ? spokenBy(open.customer, conversation) : conversation.primary_lang;
  const canReply = conversation.status === "active" && conversation.assigned_agent === account.id;
  const latest = state.messages.findLast(({ sender }) => sender === "customer") ?? null;

  const act = async (action: Action) => {
    if (busy) return;
    setBusy(action);
    try {
      onChanged(await api[action](conversation.id));
      if (action === "claim") composer.current?.focus();
    } catch (thrown) {
      fail(thrown);
    }
    setBusy(null);
  };
  const replies = latest?.suggestions.filter(({ kind }) => kind === "reply") ?? [];
  const edit = (suggestion: Suggestion) => {
    if (!canReply) return;
    // One suggestion takes the place of another; what the agent wrote stays.
    const written = draft.text.trim() !== "" && !replies.some(({ text }) => text === draft.text);
    const text = written ? `${draft.text.trimEnd()}\n${suggestion.text}` : suggestion.text;
    onDraft({ text, suggestionId: suggestion.id });
    composer.current?.focus();
  };
  const change = (changed: Change) => {
    if (!canReply) return;
    onDraft({ ...draft, text: changed(draft.text) });
    // The drawer would hide what was just written.
    setDetails(false);
    composer.current?.focus();
  };
  const editNth = (index: number) => () => {
    const suggestion = replies[index];
    if (suggestion) edit(suggestion);
  };
  const closeDetails = () => {
    setDetails(false);
    detailsButton.current?.focus();
  };
  useEffect(() => {
    if (details) closeButton.current?.focus();
  }, [details]);
  useShortcuts({
    c: mayClaim(conversation) ? () => void act("claim") : undefined,
    // With Shift: neither is to happen by a slip of the finger.
    R: mayEnd(conversation, account) ? () => void act("release") : undefined,
    E: mayEnd(conversation, account) ? () => void act("resolve") : undefined,
    r: () => composer.current?.focus(),
    t: () => ticketDialog.current?.showModal(),
    Escape: details ? closeDetails : undefined,
    1: editNth(0),
    2: editNth(1),
    3: editNth(2),
  });

  const suggestions = (
    <Suggestions
      message={latest}
      canReply={canReply}
      onEdit={edit}
      onSend={(suggestion) => thread.send(suggestion.text, suggestion.id, formality)}
    />
  );
  const wish = (
    <CustomerWish
      message={latest}
      canReply={canReply}
      onInsert={(text) => change((held) => continued(held, text))}
    />
  );
  return (
    <>
      <main className="thread-pane" aria-label={texts.conversationWith(conversation.customer_name)}>
        <ThreadHead
          conversation={conversation}
          busy={busy}
          detailsShown={details}
          detailsButton={detailsButton}
          onAct={(action) => void act(action)}
          onTicket={() => ticketDialog.current?.showModal()}
          onBack={onBack}
          onDetails={() => setDetails(!details)}
        />
        <AgentThread conversation={conversation} thread={thread} state={state} />
        {!sideColumn && canReply && (
          <div className="beside-composer">
            {wish}
            {suggestions}
          </div>
        )}
        {canReply ? (
          <Composer
            texts={texts}
            value={draft.text}
            field={composer}
            language={account.preferred_lang ?? undefined}
            onChange={(text) => {
              onDraft({ text, suggestionId: text === "" ? null : draft.suggestionId });
              if (text !== "") thread.typing();
            }}
            onSend={(text) => {
              thread.send(text, draft.suggestionId, into === null ? "automatic" : formality);
              onDraft({ text: "", suggestionId: null });
            }}
          >
            {into !== null && <FormalityChoice into={into} value={formality} onChange={setFormality} />}
          </Composer>
        ) : (
          <p className="no-composer" data-testid="no-composer">
            {whyNot(texts, conversation)}
          </p>
        )}
      </main>
      <aside className={`side-pane ${details ? "shown" : ""}`} aria-label={texts.around}>
        <button
          ref={closeButton}
          type="button"
          className="plain only-without-side side-close"
          onClick={closeDetails}
        >
          <Icon name="close" /> {texts.close}
        </button>
        {sideColumn && wish}
        {sideColumn && suggestions}
        {spoken && <Culture key={spoken} code={spoken} canReply={canReply} onChange={change} />}
        <Tickets tickets={open.tickets} putTicket={open.putTicket} />
        {open.customer && <CustomerPanel customer={open.customer} conversation={conversation} />}
      </aside>
      <RaiseTicket
        key={conversation.id}
        dialog={ticketDialog}
        conversationId={conversation.id}
        onRaised={open.putTicket}
      />
    </>
  );
}

function whyNot(texts: DeskTexts, conversation: Conversation): string {
  if (conversation.status === "waiting") return texts.whyNotWaiting;
  if (conversation.status === "resolved") return texts.whyNotResolved;
  return texts.whyNotTaken(conversation.assigned_agent_name ?? texts.aColleague);
}
