import { useRef, useState } from "react";
import type { CustomerConversation } from "../api/models";
import { Composer } from "../chat/Composer";
import type { Catalogue } from "../i18n/en";
import { direction } from "../i18n/languages";
import { useConnectionState } from "../live/useLive";
import { Icon } from "../ui/Icon";
import { ThemeButton } from "../ui/ThemeButton";
import { useFirstFocus } from "../ui/useFirstFocus";
import { Messages } from "./Messages";
import type { StoredSession } from "./storage";
import { useCustomerChat } from "./useCustomerChat";

interface ChatProps {
  session: StoredSession;
  texts: Catalogue;
  /** The language that `texts` are in. */
  textLanguage: string;
  onNew: () => void;
}

export function Chat({ session, texts, textLanguage, onNew }: ChatProps) {
  const { live, thread, state, conversation, expired } = useCustomerChat(session);
  const [draft, setDraft] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);

  useFirstFocus(field);

  return (
    <main className="chat">
      <header className="chat-head">
        <div className="chat-who">
          <img src="/favicon.svg" alt="" width="32" height="32" />
          <h1 className="visually-hidden">{texts.startTitle}</h1>
          <div className="chat-state">
            <p aria-live="polite" data-testid="conversation-status" data-status={conversation?.status ?? ""}>
              {expired ? null : statusText(texts, conversation)}
            </p>
            <ConnectionNote live={live} texts={texts} />
          </div>
        </div>
        <ThemeButton light={texts.themeLight} dark={texts.themeDark} />
        <NewConversation texts={texts} onNew={onNew} />
      </header>
      <Messages
        expired={expired}
        session={session}
        thread={thread}
        state={state}
        texts={texts}
        textLanguage={textLanguage}
        textDirection={direction(textLanguage)}
      />
      {expired ? (
        <div className="expired" role="alert">
          <p>{texts.problems.unauthenticated}</p>
          <button type="button" className="primary" onClick={onNew}>
            {texts.newConversation}
          </button>
        </div>
      ) : (
        <Composer
          texts={texts}
          value={draft}
          field={field}
          language={session.language}
          onChange={(text) => {
            setDraft(text);
            if (text !== "") thread.typing();
          }}
          onSend={(text) => {
            thread.send(text);
            setDraft("");
          }}
        />
      )}
    </main>
  );
}

function statusText(texts: Catalogue, conversation: CustomerConversation | null): string {
  if (conversation?.status === "resolved") return texts.resolved;
  const name = conversation?.assigned_agent_name;
  return name ? texts.withAgent(name) : texts.waiting;
}

function ConnectionNote({
  live,
  texts,
}: {
  live: Parameters<typeof useConnectionState>[0];
  texts: Catalogue;
}) {
  const connection = useConnectionState(live);
  const words =
    connection === "connected"
      ? texts.connected
      : connection === "reconnecting"
        ? texts.reconnecting
        : texts.connecting;
  return (
    <p className="connection-note" role="status" data-testid="connection-state" data-state={connection}>
      {words}
    </p>
  );
}

function NewConversation({ texts, onNew }: { texts: Catalogue; onNew: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button
        type="button"
        className="plain"
        data-testid="new-conversation"
        onClick={() => dialog.current?.showModal()}
      >
        <Icon name="plus" />
        <span className="wide-only">{texts.newConversation}</span>
        <span className="narrow-only visually-hidden">{texts.newConversation}</span>
      </button>
      <dialog ref={dialog} className="card dialog">
        <p>{texts.newConversationConfirm}</p>
        <div className="dialog-buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          <button type="button" className="primary" data-testid="new-conversation-confirm" onClick={onNew}>
            {texts.newConversation}
          </button>
        </div>
      </dialog>
    </>
  );
}
