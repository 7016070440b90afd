import { type FormEvent, useId, useRef, useState } from "react";
import { startSession } from "../api/client";
import { asProblem } from "../api/problem";
import { problemText } from "../i18n/catalogue";
import type { Catalogue } from "../i18n/en";
import { languageName, OFFERED, writtenLanguage } from "../i18n/languages";
import { ThemeButton } from "../ui/ThemeButton";
import { useFirstFocus } from "../ui/useFirstFocus";
import type { StoredSession } from "./storage";

const LONGEST_NAME = 100;

interface StartFormProps {
  texts: Catalogue;
  language: string;
  onLanguage: (code: string) => void;
  onStarted: (session: StoredSession) => void;
}

export function StartForm({ texts, language, onLanguage, onStarted }: StartFormProps) {
  const [name, setName] = useState("");
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<string | null>(null);
  // One key for all attempts: a repeated request finds the session that a lost answer already made.
  const [sessionKey] = useState(() => crypto.randomUUID() + crypto.randomUUID());
  const errorId = useId();
  const field = useRef<HTMLInputElement>(null);
  useFirstFocus(field);

  const start = async (event: FormEvent) => {
    event.preventDefault();
    const trimmed = name.trim();
    if (trimmed === "") {
      setError(texts.nameMissing);
      field.current?.focus();
      return;
    }
    setStarting(true);
    setError(null);
    try {
      const { token, conversation } = await startSession(trimmed, writtenLanguage(language), sessionKey);
      onStarted({ token, conversationId: conversation.id, name: trimmed, language });
    } catch (thrown) {
      setError(problemText(texts, asProblem(thrown).code));
      setStarting(false);
    }
  };

  return (
    <main className="start">
      <div className="corner">
        <ThemeButton light={texts.themeLight} dark={texts.themeDark} />
      </div>
      <form className="card start-card" onSubmit={start} noValidate>
        <img src="/favicon.svg" alt="" width="44" height="44" />
        <h1>{texts.startTitle}</h1>
        <p className="lead">{texts.startLead}</p>
        <label>
          <span>{texts.name}</span>
          <input
            ref={field}
            data-testid="customer-name"
            name="name"
            autoComplete="name"
            maxLength={LONGEST_NAME}
            dir="auto"
            value={name}
            aria-invalid={error !== null}
            aria-describedby={error ? errorId : undefined}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label>
          <span>{texts.language}</span>
          <select
            data-testid="customer-language"
            value={language}
            onChange={(event) => onLanguage(event.target.value)}
          >
            {OFFERED.map((code) => (
              <option key={code} value={code} lang={code}>
                {languageName(code)}
              </option>
            ))}
          </select>
        </label>
        {error && (
          <p id={errorId} role="alert" className="error">
            {error}
          </p>
        )}
        <button type="submit" className="primary" data-testid="start-chat" disabled={starting}>
          {starting ? texts.starting : texts.start}
        </button>
      </form>
    </main>
  );
}
