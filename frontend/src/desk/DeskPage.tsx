import "../styles/thread.css";
import "../styles/chips.css";
import "../styles/desk.css";
import "../styles/desk-side.css";
import "../styles/desk-narrow.css";
import "../styles/toasts.css";
import { useCallback, useEffect, useState } from "react";
import type { SignedIn } from "../api/models";
import { Desk } from "./Desk";
import { Login } from "./Login";
import { loadSignedIn, saveSignedIn } from "./signIn";

export default function DeskPage({ conversationId }: { conversationId: string | null }) {
  const [signedIn, setSignedIn] = useState<SignedIn | null>(loadSignedIn);
  const [notice, setNotice] = useState<string | null>(null);

  const change = useCallback((next: SignedIn | null, words: string | null) => {
    saveSignedIn(next);
    setSignedIn(next);
    setNotice(words);
  }, []);
  const signOut = useCallback((words: string | null) => change(null, words), [change]);

  useEffect(() => {
    document.title = "Agent desk";
  }, []);

  if (signedIn)
    return (
      <Desk key={signedIn.token} conversationId={conversationId} signedIn={signedIn} onSignOut={signOut} />
    );
  return <Login notice={notice} onSignedIn={(next) => change(next, null)} />;
}
