import { useCallback, useState } from "react";

export interface Draft {
  text: string;
  /** The suggestion it began as, if any. */
  suggestionId: string | null;
}

const KEY = "desk.drafts";
const NONE: Draft = { text: "", suggestionId: null };

type Drafts = Readonly<Record<string, Draft>>;

function stored(): Drafts {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Drafts;
  } catch {
    return {};
  }
}

/** One unfinished reply for each conversation, so that switching between them loses nothing. */
export function useDrafts(): {
  draftOf: (conversationId: string | null) => Draft;
  setDraft: (conversationId: string, change: Draft | ((held: Draft) => Draft)) => void;
} {
  const [drafts, setDrafts] = useState(stored);
  const draftOf = useCallback(
    (conversationId: string | null) => (conversationId === null ? NONE : (drafts[conversationId] ?? NONE)),
    [drafts],
  );
  const setDraft = useCallback((conversationId: string, change: Draft | ((held: Draft) => Draft)) => {
    setDrafts((held) => {
      const draft = typeof change === "function" ? change(held[conversationId] ?? NONE) : change;
      const { [conversationId]: _, ...others } = held;
      const next = draft.text === "" ? others : { ...others, [conversationId]: draft };
      try {
        sessionStorage.setItem(KEY, JSON.stringify(next));
      } catch {
        // Without storage drafts last as long as the page.
      }
      return next;
    });
  }, []);
  return { draftOf, setDraft };
}
