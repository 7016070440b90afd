import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { customerApi } from "../api/client";
import type { CustomerConversation, CustomerMessage } from "../api/models";
import { asProblem } from "../api/problem";
import { newerConversation } from "../chat/conversation";
import { ThreadSession } from "../chat/session";
import type { ThreadState } from "../chat/thread";
import { useMarkRead } from "../chat/useMarkRead";
import type { LiveConnection } from "../live/connection";
import { isConversationEvent } from "../live/events";
import { useLive } from "../live/useLive";
import { loadUnsent, type StoredSession, saveUnsent } from "./storage";

export interface CustomerChat {
  live: LiveConnection;
  thread: ThreadSession<CustomerMessage>;
  state: ThreadState<CustomerMessage>;
  conversation: CustomerConversation | null;
  /** The session is over: its token or its conversation is no longer accepted. */
  expired: boolean;
}

export function useCustomerChat({ token, conversationId }: StoredSession): CustomerChat {
  const [api] = useState(() => customerApi(token));
  const live = useLive(api);
  const [conversation, setConversation] = useState<CustomerConversation | null>(null);
  const [expired, setExpired] = useState(false);
  const failed = useCallback((thrown: unknown) => {
    if ([401, 403, 404].includes(asProblem(thrown).status)) setExpired(true);
  }, []);

  const [thread] = useState(
    () =>
      new ThreadSession<CustomerMessage>({
        live,
        side: "customer",
        read: api.messages,
        post: async (outgoing) => {
          const sent = await api.send(outgoing);
          setConversation((held) => newerConversation(held, sent.conversation));
          return sent.message;
        },
        failed,
      }),
  );
  const state = useSyncExternalStore(thread.subscribe, thread.state);

  useEffect(() => {
    const unlisten = thread.listen();
    thread.open(conversationId, 0, loadUnsent(conversationId));
    return unlisten;
  }, [thread, conversationId]);

  useEffect(() => {
    let current = true;
    const take = (arrived: CustomerConversation) => {
      if (current) setConversation((held) => newerConversation(held, arrived));
    };
    const look = () => void api.conversation(conversationId).then(take, failed);
    look();
    const ends = [
      live.onState((now) => {
        if (now === "connected") look();
        if (now === "refused") setExpired(true);
      }),
      live.onEvent((event) => {
        if (isConversationEvent(event) && event.conversation.id === conversationId) take(event.conversation);
      }),
    ];
    return () => {
      current = false;
      for (const end of ends) end();
    };
  }, [api, live, conversationId, failed]);

  useEffect(() => {
    if (state.conversationId !== null) saveUnsent(state.outgoing);
  }, [state.conversationId, state.outgoing]);

  useMarkRead(thread, state, "agent");
  return { live, thread, state, conversation, expired };
}
