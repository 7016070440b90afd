import { type FormEvent, useRef, useState } from "react";
import { signIn } from "../api/client";
import type { SignedIn } from "../api/models";
import { asProblem } from "../api/problem";
import type { AdminTexts } from "../i18n/admin.en";
import { ThemeButton } from "../ui/ThemeButton";
import { useFirstFocus } from "../ui/useFirstFocus";

interface LoginProps {
  title: string;
  texts: AdminTexts;
  /** Why whoever it is has to sign in again, if so. */
  notice: string | null;
  onSignedIn: (signedIn: SignedIn) => void;
}

export function Login({ title, texts, notice, onSignedIn }: LoginProps) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useFirstFocus(field);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const signedIn = await signIn(username.trim(), password);
      if (signedIn.account.role === "customer") throw new Error(texts.notStaff);
      onSignedIn(signedIn);
    } catch (thrown) {
      setError(asProblem(thrown).words);
      setBusy(false);
    }
  };

  return (
    <main className="start">
      <div className="corner">
        <ThemeButton light={texts.themeLight} dark={texts.themeDark} />
      </div>
      <form className="card start-card" onSubmit={submit}>
        <img src="/favicon.svg" alt="" width="44" height="44" />
        <h1>{title}</h1>
        {notice && (
          <p className="lead" role="status">
            {notice}
          </p>
        )}
        <label>
          <span>{texts.userName}</span>
          <input
            ref={field}
            data-testid="login-username"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </label>
        <label>
          <span>{texts.password}</span>
          <input
            data-testid="login-password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        {error && (
          <p role="alert" className="error" data-testid="login-error">
            {error}
          </p>
        )}
        <button type="submit" className="primary" data-testid="login-submit" disabled={busy}>
          {busy ? texts.signingIn : texts.signIn}
        </button>
      </form>
    </main>
  );
}
