import { useEffect, useRef, useState } from "react";
import type { QueueState } from "./queue";

/** What a screen reader is told of conversations that are not open: who wrote, and who wants a person. */
export function useAnnouncements(queue: QueueState, openId: string | null): string {
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
        setWords(`${conversation.customer_name} needs a person soon.`);
      } else if (conversation.last_sender === "customer" && conversation.last_seq > (was?.last_seq ?? 0)) {
        setWords(`New message from ${conversation.customer_name}.`);
      }
    }
  }, [queue, openId]);
  return words;
}
