import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { deskApi } from "../api/client";
import type { SupportedLanguages } from "../api/models";
import type { Outgoing } from "../chat/thread";
import { useMarkRead } from "../chat/useMarkRead";
import { useVisible } from "../chat/useVisible";
import { useLive } from "../live/useLive";
import { useStaff } from "../staff/context";
import { goTo } from "../ui/path";
import { ConversationPane } from "./ConversationPane";
import { DeskContext, type DeskContextValue, useDesk } from "./context";
import { DeskBar } from "./DeskBar";
import { QueueList } from "./QueueList";
import { unreadCount } from "./queue";
import { useReadMarks } from "./readMarks";
import { isSettled, SearchField, SearchResults, useCustomerSearch } from "./Search";
import { ShortcutList } from "./ShortcutList";
import { useAnnouncements } from "./useAnnouncements";
import { useDrafts } from "./useDrafts";
import { useOpenConversation } from "./useOpenConversation";
import { useQueue } from "./useQueue";
import { enterQueue, moveInQueue, useShortcuts } from "./useShortcuts";

const onOpen = (conversationId: string) => goTo(`/desk/${conversationId}`);
const onBack = () => goTo("/desk");

interface DeskProps {
  /** The conversation in the page's address, if any. */
  conversationId: string | null;
}

export function Desk({ conversationId }: DeskProps) {
  const { token, account, language, texts, fail, tell, signOut } = useStaff();
  const [api] = useState(() => deskApi(token));
  const live = useLive(api);
  const [supported, setSupported] = useState<SupportedLanguages | null>(null);
  useEffect(() => {
    api.supportedLanguages().then(setSupported, fail);
  }, [api, fail]);
  const context = useMemo<DeskContextValue>(
    () => ({ api, live, account, language, texts: texts.desk, supported, fail, tell }),
    [api, live, account, language, texts, supported, fail, tell],
  );
  useEffect(
    () =>
      live.onState((state) => {
        if (state === "refused") signOut(texts.admin.sessionEnded);
      }),
    [live, signOut, texts],
  );
  return (
    <DeskContext.Provider value={context}>
      <DeskPanes conversationId={conversationId} />
    </DeskContext.Provider>
  );
}

function DeskPanes({ conversationId }: DeskProps) {
  const { api, live, account, texts, fail, tell } = useDesk();
  const visible = useVisible();
  const [queue, { heard, more }] = useQueue(api, live, fail);
  const { draftOf, setDraft } = useDrafts();
  const [marks, mark] = useReadMarks(account.id);
  const [name, setName] = useState("");
  const [onlyUrgent, setOnlyUrgent] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const composer = useRef<HTMLTextAreaElement>(null);

  const onUnsent = useCallback(
    ({ conversationId: id, text, suggestionId }: Outgoing) => {
      setDraft(id, (held) => ({ text: held.text === "" ? text : `${text}\n${held.text}`, suggestionId }));
      tell(texts.unsentKept);
    },
    [setDraft, tell, texts],
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
    document.title = unread > 0 ? `(${unread}) ${texts.title}` : texts.title;
  }, [unread, texts]);

  const next = () => moveInQueue(1);
  const previous = () => moveInQueue(-1);
  useShortcuts({
    j: next,
    ArrowDown: next,
    k: previous,
    ArrowUp: previous,
    a: () => setOnlyUrgent(!onlyUrgent),
    "/": () => search.current?.focus(),
    "?": () => help.current?.showModal(),
  });

  return (
    <div className={`desk ${conversationId === null ? "" : "has-open"}`}>
      <DeskBar onHelp={() => help.current?.showModal()} />
      <nav className="queue-pane" aria-label={texts.conversations}>
        <SearchField
          field={search}
          value={name}
          onChange={setName}
          onLeave={() => {
            if (isSettled(name, found)) enterQueue();
          }}
        />
        {found ? (
          <SearchResults {...found} openId={conversationId} onOpen={onOpen} />
        ) : (
          <QueueList
            state={queue}
            openId={conversationId}
            marks={marks}
            onlyUrgent={onlyUrgent}
            onOnlyUrgent={setOnlyUrgent}
            onOpen={onOpen}
            onMore={more}
          />
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
        <main className="thread-pane empty" aria-label={texts.conversation}>
          <p className="pane-note">
            {conversationId === null ? texts.chooseConversation : texts.loadingConversation}
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
