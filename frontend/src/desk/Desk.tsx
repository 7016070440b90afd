import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { deskApi } from "../api/client";
import type { SignedIn } from "../api/models";
import { asProblem } from "../api/problem";
import type { Outgoing } from "../chat/thread";
import { useMarkRead } from "../chat/useMarkRead";
import { useVisible } from "../chat/useVisible";
import { regional } from "../i18n/languages";
import { useLive } from "../live/useLive";
import { goTo } from "../ui/path";
import { Toasts, useToasts } from "../ui/Toasts";
import { ConversationPane } from "./ConversationPane";
import { DeskContext, type DeskContextValue, useDesk } from "./context";
import { DeskBar } from "./DeskBar";
import { QueueList } from "./QueueList";
import { unreadCount } from "./queue";
import { useReadMarks } from "./readMarks";
import { SearchField, SearchResults, useCustomerSearch } from "./Search";
import { ShortcutList } from "./ShortcutList";
import { useAnnouncements } from "./useAnnouncements";
import { useDrafts } from "./useDrafts";
import { useOpenConversation } from "./useOpenConversation";
import { useQueue } from "./useQueue";
import { moveInQueue, useShortcuts } from "./useShortcuts";

const LANGUAGE = regional("en");

const onOpen = (conversationId: string) => goTo(`/desk/${conversationId}`);
const onBack = () => goTo("/desk");

interface DeskProps {
  /** The conversation in the page's address, if any. */
  conversationId: string | null;
  signedIn: SignedIn;
  /** Ends the session, saying why when the agent did not ask for it. */
  onSignOut: (notice: string | null) => void;
}

export function Desk({ conversationId, signedIn, onSignOut }: DeskProps) {
  const [api] = useState(() => deskApi(signedIn.token));
  const live = useLive(api);
  const { toasts, show, close } = useToasts();
  const fail = useCallback(
    (thrown: unknown) => {
      const problem = asProblem(thrown);
      if (problem.status === 401) onSignOut("Your session has ended. Please sign in again.");
      else show("error", problem.words);
    },
    [onSignOut, show],
  );
  const context = useMemo<DeskContextValue>(
    () => ({
      api,
      live,
      account: signedIn.account,
      language: LANGUAGE,
      fail,
      tell: (words) => show("info", words),
    }),
    [api, live, signedIn, fail, show],
  );
  useEffect(
    () =>
      live.onState((state) => {
        if (state === "refused") onSignOut("Your session has ended. Please sign in again.");
      }),
    [live, onSignOut],
  );
  return (
    <DeskContext.Provider value={context}>
      <DeskPanes conversationId={conversationId} onSignOut={() => onSignOut(null)} />
      <Toasts toasts={toasts} close={close} />
    </DeskContext.Provider>
  );
}

interface DeskPanesProps {
  conversationId: string | null;
  onSignOut: () => void;
}

function DeskPanes({ conversationId, onSignOut }: DeskPanesProps) {
  const { api, live, account, fail, tell } = useDesk();
  const visible = useVisible();
  const [queue, { heard, more }] = useQueue(api, live, fail);
  const { draftOf, setDraft } = useDrafts();
  const [marks, mark] = useReadMarks(account.id);
  const [name, setName] = useState("");
  const search = useRef<HTMLInputElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const composer = useRef<HTMLTextAreaElement>(null);

  const onUnsent = useCallback(
    ({ conversationId: id, text, suggestionId }: Outgoing) => {
      setDraft(id, (held) => ({ text: held.text === "" ? text : `${text}\n${held.text}`, suggestionId }));
      tell("A reply in another conversation was not sent. It is kept there as a draft.");
    },
    [setDraft, tell],
  );
  const open = useOpenConversation({ conversationId, heard, onUnsent, onMissing: onBack });
  const conversation = conversationId === null ? undefined : queue.byId[conversationId];
  const found = useCustomerSearch(name);

  useMarkRead(open.thread, open.state, "customer", conversation?.assigned_agent === account.id);
  const lastSeq = conversation?.last_seq ?? 0;
  useEffect(() => {
    if (conversationId !== null && visible) mark(conversationId, lastSeq);
  }, [conversationId, visible, lastSeq, mark]);

  const announcement = useAnnouncements(queue, conversationId);
  const unread = Object.values(queue.byId).filter(
    (one) =>
      one.id !== conversationId &&
      (one.status === "waiting" || one.assigned_agent === account.id) &&
      one.status !== "resolved" &&
      unreadCount(one, marks[one.id] ?? 0) > 0,
  ).length;
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Agent desk` : "Agent desk";
  }, [unread]);

  const next = () => moveInQueue(1);
  const previous = () => moveInQueue(-1);
  useShortcuts({
    j: next,
    ArrowDown: next,
    k: previous,
    ArrowUp: previous,
    "/": () => search.current?.focus(),
    "?": () => help.current?.showModal(),
  });

  return (
    <div className={`desk ${conversationId === null ? "" : "has-open"}`}>
      <DeskBar onHelp={() => help.current?.showModal()} onSignOut={onSignOut} />
      <nav className="queue-pane" aria-label="Conversations">
        <SearchField field={search} value={name} onChange={setName} />
        {found ? (
          <SearchResults {...found} openId={conversationId} onOpen={onOpen} />
        ) : (
          <QueueList state={queue} openId={conversationId} marks={marks} onOpen={onOpen} onMore={more} />
        )}
      </nav>
      {conversation ? (
        <ConversationPane
          conversation={conversation}
          open={open}
          draft={draftOf(conversation.id)}
          composer={composer}
          onDraft={(draft) => setDraft(conversation.id, draft)}
          onChanged={heard}
          onBack={onBack}
        />
      ) : (
        <main className="thread-pane empty" aria-label="Conversation">
          <p className="pane-note">
            {conversationId === null ? "Choose a conversation from the queue." : "Loading the conversation…"}
          </p>
        </main>
      )}
      <p className="visually-hidden" aria-live="polite">
        {announcement}
      </p>
      <ShortcutList dialog={help} />
    </div>
  );
}
