import "../styles/thread.css";
import "../styles/customer.css";
import { useEffect, useState } from "react";
import { catalogueFor } from "../i18n/catalogue";
import { browserLanguage, direction } from "../i18n/languages";
import { Chat } from "./Chat";
import { StartForm } from "./StartForm";
import { forgetSession, loadSession, type StoredSession, saveSession } from "./storage";

export default function CustomerPage() {
  const [session, setSession] = useState<StoredSession | null>(loadSession);
  const [chosen, setChosen] = useState(() => session?.language ?? browserLanguage());
  const { texts, language } = catalogueFor(chosen);

  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = direction(chosen);
    document.title = texts.startTitle;
    return () => {
      document.documentElement.lang = "en";
      document.documentElement.dir = "ltr";
    };
  }, [chosen, language, texts]);

  if (session) {
    return (
      <Chat
        key={session.conversationId}
        session={session}
        texts={texts}
        textLanguage={language}
        onNew={() => {
          forgetSession();
          setSession(null);
        }}
      />
    );
  }
  return (
    <StartForm
      texts={texts}
      language={chosen}
      onLanguage={setChosen}
      onStarted={(started) => {
        saveSession(started);
        setSession(started);
      }}
    />
  );
}
