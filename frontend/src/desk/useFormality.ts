import { useCallback, useState } from "react";
import type { Formality } from "../api/client";

const KEY = "desk.formality";

type Choices = Readonly<Record<string, Formality>>;

function stored(): Choices {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Choices;
  } catch {
    return {};
  }
}

/** How an agent wants each customer to be addressed, kept as long as the browser tab. */
export function useFormality(conversationId: string): [Formality, (choice: Formality) => void] {
  const [choices, setChoices] = useState(stored);
  const choose = useCallback(
    (choice: Formality) => {
      const next = { ...stored(), [conversationId]: choice };
      setChoices(next);
      try {
        sessionStorage.setItem(KEY, JSON.stringify(next));
      } catch {
        // Without storage the choice lasts as long as the page.
      }
    },
    [conversationId],
  );
  return [choices[conversationId] ?? "automatic", choose];
}
