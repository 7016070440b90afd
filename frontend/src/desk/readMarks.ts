/** How far this agent has read each conversation, kept in this browser. */

import { useCallback, useState } from "react";

const KEY = "desk.read";
const KEPT = 500;

type Marks = Readonly<Record<string, number>>;

function stored(agentId: string): Marks {
  try {
    return JSON.parse(localStorage.getItem(`${KEY}.${agentId}`) ?? "{}") as Marks;
  } catch {
    return {};
  }
}

export function useReadMarks(agentId: string): [Marks, (conversationId: string, seq: number) => void] {
  const [marks, setMarks] = useState(() => stored(agentId));
  const mark = useCallback(
    (conversationId: string, seq: number) => {
      setMarks((held) => {
        if ((held[conversationId] ?? 0) >= seq) return held;
        const { [conversationId]: _, ...others } = held;
        const next = Object.fromEntries([...Object.entries(others), [conversationId, seq]].slice(-KEPT));
        try {
          localStorage.setItem(`${KEY}.${agentId}`, JSON.stringify(next));
        } catch {
          // Without storage the marks last as long as the page.
        }
        return next;
      });
    },
    [agentId],
  );
  return [marks, mark];
}
