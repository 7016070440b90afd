import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { DeskApi } from "../api/client";
import type { Conversation } from "../api/models";
import { createStore } from "../chat/store";
import type { LiveConnection } from "../live/connection";
import { isConversationEvent } from "../live/events";
import { EMPTY_QUEUE, type QueueState, reduceQueue } from "./queue";

const POLL_EVERY_MS = 15_000;

export interface QueueActions {
  /** Takes over a conversation as an answer shows it; an overtaken answer changes nothing. */
  heard: (conversation: Conversation) => void;
  /** Reads the next part of a long list. */
  more: () => void;
}

/** The list, live: read on every connection, changed by events, polled slowly while the socket is down. */
export function useQueue(
  api: DeskApi,
  live: LiveConnection,
  failed: (thrown: unknown) => void,
): [QueueState, QueueActions] {
  const [store] = useState(() => createStore(reduceQueue, EMPTY_QUEUE));
  const state = useSyncExternalStore(store.subscribe, store.state);

  useEffect(() => {
    let current = true;
    const read = async () => {
      const asOf = store.state().clock;
      try {
        const page = await api.active(null);
        if (current) store.dispatch({ type: "read", asOf, ...page });
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
        if (!isConversationEvent(event)) return;
        store.dispatch({ type: "heard", conversation: event.conversation as Conversation });
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
  }, [api, live, failed, store]);

  const actions = useMemo<QueueActions>(
    () => ({
      heard: (conversation) => store.dispatch({ type: "heard", conversation }),
      more: () => {
        const { clock: asOf, continuation } = store.state();
        if (continuation === null) return;
        api
          .active(continuation)
          .then((page) => store.dispatch({ type: "more", asOf, ...page }))
          .catch(failed);
      },
    }),
    [api, failed, store],
  );
  return [state, actions];
}
