import { useCallback, useEffect, useReducer, useRef } from "react";
import type { DeskApi } from "../api/client";
import type { Conversation } from "../api/models";
import type { LiveConnection } from "../live/connection";
import { isConversationEvent } from "../live/events";
import { EMPTY_QUEUE, type QueueState, reduceQueue } from "./queue";

const POLL_EVERY_MS = 15_000;

export interface Queue {
  state: QueueState;
  /** Takes over a conversation that an answer of the API brought. */
  put: (conversation: Conversation) => void;
  more: () => void;
}

/** The list, live: read on every connection, changed by events, polled slowly while the socket is down. */
export function useQueue(api: DeskApi, live: LiveConnection, failed: (thrown: unknown) => void): Queue {
  const [state, dispatch] = useReducer(reduceQueue, EMPTY_QUEUE);
  const continuation = useRef<string | null>(null);
  continuation.current = state.continuation;

  useEffect(() => {
    let current = true;
    const read = async () => {
      dispatch({ type: "reading" });
      try {
        const page = await api.active(null);
        if (current) dispatch({ type: "read", ...page });
      } catch (thrown) {
        if (current) failed(thrown);
      }
    };
    void read();
    const ends = [
      live.onState((now) => {
        if (now === "connected") void read();
      }),
      live.onEvent((event) => {
        if (isConversationEvent(event)) {
          dispatch({ type: "changed", conversation: event.conversation as Conversation });
        }
      }),
    ];
    const timer = setInterval(() => {
      if (live.state !== "connected") void read();
    }, POLL_EVERY_MS);
    return () => {
      current = false;
      clearInterval(timer);
      for (const end of ends) end();
    };
  }, [api, live, failed]);

  const put = useCallback((conversation: Conversation) => dispatch({ type: "changed", conversation }), []);
  const more = useCallback(() => {
    if (continuation.current === null) return;
    api.active(continuation.current).then((page) => dispatch({ type: "more", ...page }), failed);
  }, [api, failed]);
  return { state, put, more };
}
