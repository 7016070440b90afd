/**
 * One side's live view of a conversation: keeps the thread complete, whatever the network does, and
 * brings messages out in the order in which they were written.
 */

import type { Formality, OutgoingText } from "../api/client";
import type { MessagePage, Sender } from "../api/models";
import { asProblem } from "../api/problem";
import type { Live } from "../live/connection";
import { isConversationEvent, type ServerEvent } from "../live/events";
import { CatchUp } from "./catchUp";
import { Reminder } from "./reminder";
import { createStore, type Store } from "./store";
import {
  catchUpFrom,
  emptyThread,
  hasGap,
  latestPending,
  type Outgoing,
  reduceThread,
  type ThreadAction,
  type ThreadMessage,
  type ThreadState,
} from "./thread";

export interface SessionOptions<M> {
  live: Live;
  /** Whose view this is. */
  side: Extract<Sender, "customer" | "agent">;
  read: (conversationId: string, afterSeq: number, signal: AbortSignal) => Promise<MessagePage<M>>;
  /** Stores a message and gives it back. The same `clientMessageId` again must give the same message. */
  post: (outgoing: OutgoingText) => Promise<M>;
  /** Hears of failures that the thread itself does not show. */
  failed?: (thrown: unknown, outgoing: Outgoing | null) => void;
  /** Pauses between automatic attempts to send, in milliseconds. */
  resendAfter?: readonly number[];
  /** When to ask again for a message whose analysis does not come. */
  reminder?: () => Reminder;
  /** How often to look whether something is missing, in milliseconds. */
  lookEvery?: number;
}

const LOOK_EVERY_MS = 2_000;
const POLL_AFTER_MS = 10_000;
const TYPING_SHOWN_MS = 6_000;
const TYPING_SENT_EVERY_MS = 3_000;
const RESEND_AFTER_MS = [1_000, 3_000];
/** So many of the latest messages are read again on a new connection: what was added to them may have been missed. */
const READ_AGAIN = 10;

export class ThreadSession<M extends ThreadMessage> {
  readonly #store: Store<ThreadState<M>, ThreadAction<M>>;
  #catchUp: CatchUp<M> | null = null;
  #reminder = new Reminder();
  #askedAt = 0;
  #typedAt = 0;
  #readAgain = false;
  #sending: Promise<void> = Promise.resolve();

  constructor(private readonly options: SessionOptions<M>) {
    this.#store = createStore(reduceThread<M>, emptyThread<M>());
  }

  readonly subscribe = (listener: () => void) => this.#store.subscribe(listener);
  readonly state = () => this.#store.state();

  /** Begins to listen; answers the function that ends it. */
  listen(): () => void {
    const { live } = this.options;
    const ends = [
      live.onEvent((event) => this.#heard(event)),
      live.onState((state) => {
        if (state !== "connected") return;
        this.#arrived();
        this.#sendAgain();
      }),
    ];
    const timer = setInterval(() => this.#look(), this.options.lookEvery ?? LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      for (const end of ends) end();
      this.close();
    };
  }

  /** Shows a conversation; `unsent` are messages of an earlier visit, which are sent now. */
  open(conversationId: string, lastSeq = 0, unsent: readonly Outgoing[] = []): void {
    if (this.state().conversationId === conversationId) return;
    this.close();
    this.#store.dispatch({ type: "opened", conversationId, lastSeq, outgoing: unsent });
    this.#reminder = this.options.reminder?.() ?? new Reminder();
    this.#catchUp = new CatchUp(
      (afterSeq, signal) => this.options.read(conversationId, afterSeq, signal),
      () => this.#from(),
      ({ messages, last_seq, more }) => {
        this.#store.dispatch({ type: "page", conversationId, messages, lastSeq: last_seq, more });
      },
      (thrown) => this.options.failed?.(thrown, null),
    );
    this.#arrived();
    this.#ask();
    for (const outgoing of unsent) this.retry(outgoing.clientMessageId);
  }

  close(): void {
    const { conversationId } = this.state();
    this.#catchUp?.close();
    this.#catchUp = null;
    if (conversationId === null) return;
    if (this.options.side === "agent") this.#watch(conversationId, false);
    this.#store.dispatch({ type: "closed" });
  }

  /** Shows the message at once and sends it after those before it. */
  send(text: string, suggestionId: string | null = null, formality: Formality = "automatic"): void {
    const { conversationId } = this.state();
    if (conversationId === null) return;
    const outgoing: Outgoing = {
      conversationId,
      clientMessageId: crypto.randomUUID(),
      text,
      suggestionId,
      formality,
      at: new Date().toISOString(),
      state: "sending",
      code: null,
    };
    this.#typedAt = 0;
    this.#store.dispatch({ type: "sending", outgoing });
    this.#enqueue(outgoing);
  }

  /** Sends a failed message again, under the id it already has. */
  retry(clientMessageId: string): void {
    const outgoing = this.state().outgoing.find((one) => one.clientMessageId === clientMessageId);
    if (!outgoing) return;
    this.#store.dispatch({ type: "retried", clientMessageId });
    this.#enqueue(outgoing);
  }

  discard(clientMessageId: string): void {
    this.#store.dispatch({ type: "discarded", clientMessageId });
  }

  /** Tells the other side that someone is writing, now and then. */
  typing(): void {
    const { conversationId } = this.state();
    const now = Date.now();
    if (conversationId === null || now - this.#typedAt < TYPING_SENT_EVERY_MS) return;
    this.#typedAt = now;
    this.#tell("typing", { conversation_id: conversationId });
  }

  /** Tells the other side how far this one has read. */
  markRead(seq: number): void {
    const { conversationId, readUpTo } = this.state();
    const { side } = this.options;
    if (conversationId === null || seq <= (readUpTo[side] ?? 0)) return;
    this.#store.dispatch({ type: "read", conversationId, sender: side, seq });
    this.#tell("read", { conversation_id: conversationId, seq });
  }

  #enqueue(outgoing: Outgoing): void {
    this.#sending = this.#sending.then(() => this.#post(outgoing));
  }

  async #post(outgoing: Outgoing): Promise<void> {
    const { clientMessageId } = outgoing;
    const pauses = [...(this.options.resendAfter ?? RESEND_AFTER_MS)];
    for (;;) {
      try {
        this.#store.dispatch({ type: "received", messages: [await this.options.post(outgoing)] });
        return;
      } catch (thrown) {
        const problem = asProblem(thrown);
        const pause = problem.passing ? pauses.shift() : undefined;
        if (pause === undefined) {
          this.#store.dispatch({ type: "failed", clientMessageId, code: problem.code });
          this.options.failed?.(problem, outgoing);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  /** What got no answer while the network was away; nobody should have to look for it now that it is back. */
  #sendAgain(): void {
    for (const { clientMessageId, state, code } of this.state().outgoing) {
      if (state === "failed" && code === "unreachable") this.retry(clientMessageId);
    }
  }

  #arrived(): void {
    const { conversationId } = this.state();
    if (conversationId === null || this.options.live.state !== "connected") return;
    this.#readAgain = true;
    if (this.options.side === "agent") this.#watch(conversationId, true);
    else this.#ask();
  }

  /** What happened before the server knew that we watch is read afterwards. */
  #watch(conversationId: string, watching: boolean, attempts = 3): void {
    const { live } = this.options;
    if (live.state !== "connected") return;
    live.send("watch", { conversation_id: conversationId, watching }).then(
      () => {
        if (watching) this.#ask();
      },
      () => {
        const current = this.state().conversationId === conversationId;
        if (watching && current && attempts > 1) {
          setTimeout(() => this.#watch(conversationId, true, attempts - 1), 1_000);
        }
      },
    );
  }

  #from(): number {
    const from = catchUpFrom(this.state());
    const again = this.#readAgain;
    this.#readAgain = false;
    return again ? Math.max(0, from - READ_AGAIN) : from;
  }

  #ask(): void {
    this.#askedAt = Date.now();
    this.#catchUp?.request();
  }

  /** The slow way, for what no event will bring: while the socket is down, and for what stays missing. */
  #look(): void {
    const now = Date.now();
    this.#store.dispatch({ type: "typingEnded", olderThan: now - TYPING_SHOWN_MS });
    const state = this.state();
    if (state.conversationId === null) return;
    const overdue = this.#reminder.due(latestPending(state), now);
    const incomplete = !state.loaded || hasGap(state) || this.options.live.state !== "connected";
    if (overdue || (incomplete && now - this.#askedAt >= POLL_AFTER_MS)) this.#ask();
  }

  #heard(event: ServerEvent): void {
    const { conversationId } = this.state();
    if (conversationId === null) return;
    if (event.type === "message.created" || event.type === "message.analyzed") {
      this.#store.dispatch({ type: "received", messages: [event.message as M] });
    } else if (event.type === "suggestions.ready") {
      const patch = { suggestions: event.suggestions } as Partial<M>;
      this.#store.dispatch({
        type: "patched",
        conversationId: event.conversation_id,
        messageId: event.message_id,
        patch,
      });
    } else if (event.type === "typing" && event.sender !== this.options.side) {
      const typing = { sender: event.sender, name: event.sender_name, at: Date.now() };
      this.#store.dispatch({ type: "typing", conversationId: event.conversation_id, typing });
    } else if (event.type === "read") {
      const { conversation_id, sender, seq } = event;
      this.#store.dispatch({ type: "read", conversationId: conversation_id, sender, seq });
    } else if (isConversationEvent(event)) {
      const { id, last_seq } = event.conversation;
      this.#store.dispatch({ type: "known", conversationId: id, lastSeq: last_seq });
    }
    if (hasGap(this.state())) this.#ask();
  }

  #tell(
    event: "typing" | "read",
    data: { conversation_id: string; seq: number } | { conversation_id: string },
  ): void {
    const { live } = this.options;
    if (live.state !== "connected") return;
    // Neither is worth a second attempt: the next one says it anew.
    live.send(event as "read", data as { conversation_id: string; seq: number }).catch(() => undefined);
  }
}
