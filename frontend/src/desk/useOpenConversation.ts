import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { AccountProfile, Message, Ticket } from "../api/models";
import { asProblem } from "../api/problem";
import { ThreadSession } from "../chat/session";
import type { Outgoing, ThreadState } from "../chat/thread";
import { useDesk } from "./context";
import type { QueueActions } from "./useQueue";

export interface OpenConversation {
  thread: ThreadSession<Message>;
  state: ThreadState<Message>;
  customer: AccountProfile | null;
  tickets: Ticket[];
  putTicket: (ticket: Ticket) => void;
}

interface Around {
  conversationId: string;
  customer: AccountProfile;
  tickets: Ticket[];
}

interface Options {
  conversationId: string | null;
  heard: QueueActions["heard"];
  /** A reply failed after its conversation was left. */
  onUnsent: (outgoing: Outgoing) => void;
  /** The conversation does not exist. */
  onMissing: () => void;
}

/** The conversation in the middle of the desk: its thread, its customer and its tickets, kept current. */
export function useOpenConversation(options: Options): OpenConversation {
  const { conversationId, heard, onMissing } = options;
  const { api, live, fail } = useDesk();
  const [around, setAround] = useState<Around | null>(null);
  const latest = useRef(options);
  latest.current = options;

  const [thread] = useState(
    () =>
      new ThreadSession<Message>({
        live,
        side: "agent",
        read: api.messages,
        post: async (outgoing) => (await api.send(outgoing)).message,
        failed: (thrown, outgoing) => {
          // A reading that failed is tried again by itself, and the connection state already tells of it.
          if (outgoing || !asProblem(thrown).passing) fail(thrown);
          if (outgoing && outgoing.conversationId !== latest.current.conversationId) {
            latest.current.onUnsent(outgoing);
          }
        },
      }),
  );
  const state = useSyncExternalStore(thread.subscribe, thread.state);

  useEffect(() => thread.listen(), [thread]);
  useEffect(() => {
    if (conversationId === null) thread.close();
    else thread.open(conversationId);
  }, [thread, conversationId]);

  const putTicket = useCallback((ticket: Ticket) => {
    setAround((held) => {
      if (held?.conversationId !== ticket.conversation_id) return held;
      return { ...held, tickets: [ticket, ...held.tickets.filter(({ id }) => id !== ticket.id)] };
    });
  }, []);

  useEffect(() => {
    if (conversationId === null) return;
    let current = true;
    const readAround = async () => {
      try {
        const { conversation, customer, tickets } = await api.details(conversationId);
        heard(conversation);
        if (current) setAround({ conversationId, customer, tickets });
      } catch (thrown) {
        if (!current) return;
        fail(thrown);
        if (asProblem(thrown).status === 404) onMissing();
      }
    };
    void readAround();
    const ends = [
      live.onState((now) => {
        if (now === "connected") void readAround();
      }),
      live.onEvent((event) => {
        if (event.type === "ticket.changed") putTicket(event.ticket);
      }),
    ];
    return () => {
      current = false;
      for (const end of ends) end();
    };
  }, [api, live, fail, heard, onMissing, putTicket, conversationId]);

  const shown = around?.conversationId === conversationId ? around : null;
  return { thread, state, customer: shown?.customer ?? null, tickets: shown?.tickets ?? [], putTicket };
}
