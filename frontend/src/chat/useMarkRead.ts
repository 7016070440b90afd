import { useEffect } from "react";
import type { Sender } from "../api/models";
import type { ThreadSession } from "./session";
import type { ThreadMessage, ThreadState } from "./thread";
import { useVisible } from "./useVisible";

/** Tells the other side what has been seen: what `from` wrote last, while the page is in view. */
export function useMarkRead<M extends ThreadMessage>(
  thread: ThreadSession<M>,
  state: ThreadState<M>,
  from: Sender,
  enabled = true,
): void {
  const visible = useVisible();
  const last = state.messages.findLast(({ sender }) => sender === from)?.seq ?? 0;
  useEffect(() => {
    if (enabled && visible && last > 0) thread.markRead(last);
  }, [thread, enabled, visible, last]);
}
