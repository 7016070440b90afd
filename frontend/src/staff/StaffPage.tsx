import "../styles/toasts.css";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import type { SignedIn } from "../api/models";
import { asProblem } from "../api/problem";
import { regional } from "../i18n/languages";
import { type StaffTexts, staffTextsFor } from "../i18n/staff";
import { Toasts, useToasts } from "../ui/Toasts";
import { StaffContext, type StaffContextValue } from "./context";
import { Login } from "./Login";
import { loadSignedIn, saveSignedIn } from "./signIn";

interface StaffPageProps {
  /** What the page is called, for the window and the sign-in. */
  title: (texts: StaffTexts) => string;
  children: ReactNode;
}

/** A page behind the sign-in of staff, in the language of whoever signs in. */
export function StaffPage({ title, children }: StaffPageProps) {
  const [signedIn, setSignedIn] = useState<SignedIn | null>(loadSignedIn);
  const [notice, setNotice] = useState<string | null>(null);
  const preferred = signedIn?.account.preferred_lang ?? null;
  const { texts, language } = useMemo(() => staffTextsFor([preferred, ...navigator.languages]), [preferred]);
  const name = title(texts);

  const change = useCallback((next: SignedIn | null, words: string | null) => {
    saveSignedIn(next);
    setSignedIn(next);
    setNotice(words);
  }, []);
  const signOut = useCallback((words: string | null) => change(null, words), [change]);

  useEffect(() => {
    document.title = name;
    document.documentElement.lang = language;
    return () => {
      document.documentElement.lang = "en";
    };
  }, [name, language]);

  if (!signedIn) {
    return (
      <Login title={name} texts={texts.admin} notice={notice} onSignedIn={(next) => change(next, null)} />
    );
  }
  return (
    <Signed key={signedIn.token} signedIn={signedIn} texts={texts} language={language} signOut={signOut}>
      {children}
    </Signed>
  );
}

interface SignedProps {
  signedIn: SignedIn;
  texts: StaffTexts;
  language: string;
  signOut: (notice: string | null) => void;
  children: ReactNode;
}

function Signed({ signedIn, texts, language, signOut, children }: SignedProps) {
  const { toasts, show, close } = useToasts();
  const fail = useCallback(
    (thrown: unknown) => {
      const problem = asProblem(thrown);
      if (problem.status === 401) signOut(texts.admin.sessionEnded);
      else show("error", problem.words);
    },
    [signOut, show, texts],
  );
  const value = useMemo<StaffContextValue>(
    () => ({
      token: signedIn.token,
      account: signedIn.account,
      texts,
      language: regional(language),
      fail,
      tell: (words) => show("info", words),
      signOut,
    }),
    [signedIn, texts, language, fail, show, signOut],
  );
  return (
    <StaffContext.Provider value={value}>
      {children}
      <Toasts toasts={toasts} close={close} closeLabel={texts.admin.close} />
    </StaffContext.Provider>
  );
}
