import { type FormEvent, useState } from "react";
import { signIn } from "../api/client";
import type { SignedIn } from "../api/models";
import { asProblem } from "../api/problem";
import { ThemeButton } from "../ui/ThemeButton";

interface LoginProps {
  /** Why the agent has to sign in again, if so. */
  notice: string | null;
  onSignedIn: (signedIn: SignedIn) => void;
}

export function Login({ notice, onSignedIn }: LoginProps) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const signedIn = await signIn(username.trim(), password);
      if (signedIn.account.role === "customer") throw new Error("This account does not work at the desk.");
      onSignedIn(signedIn);
    } catch (thrown) {
      setError(asProblem(thrown).words);
      setBusy(false);
    }
  };

  return (
    <main className="start">
      <div className="corner">
        <ThemeButton light="Use the light theme" dark="Use the dark theme" />
      </div>
      <form className="card start-card" onSubmit={submit}>
        <img src="/favicon.svg" alt="" width="44" height="44" />
        <h1>Agent desk</h1>
        {notice && (
          <p className="lead" role="status">
            {notice}
          </p>
        )}
        <label>
          <span>User name</span>
          <input
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
          <span>Password</span>
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
          {busy ? "Signing in…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}
