import { useEffect, useRef, useState } from "react";
import { useDesk } from "./context";
import type { QueueState } from "./queue";

/** What a screen reader is told of conversations that are not open: who wrote, and who wants a person. */
export function useAnnouncements(queue: QueueState, openId: string | null): string {
  const { texts } = useDesk();
  const [words, setWords] = useState("");
  const before = useRef<QueueState | null>(null);
  useEffect(() => {
    const held = before.current;
    before.current = queue.loaded ? queue : null;
    if (!held || held.byId === queue.byId) return;
    for (const conversation of Object.values(queue.byId)) {
      const was = held.byId[conversation.id];
      if (conversation.id === openId || was === conversation) continue;
      if (conversation.escalation && !was?.escalation) {
        setWords(texts.needsPerson(conversation.customer_name));
      } else if (conversation.last_sender === "customer" && conversation.last_seq > (was?.last_seq ?? 0)) {
        setWords(texts.newMessageFrom(conversation.customer_name));
      }
    }
  }, [queue, openId, texts]);
  return words;
}
