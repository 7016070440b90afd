/**
 * The state of one conversation's thread, as a pure reducer. Messages may arrive twice, late, out of
 * order and from another conversation; what is shown is each message once, in the order of `seq`.
 */

import type { Formality } from "../api/client";
import type { CustomerMessage, Message, Sender } from "../api/models";

/** What both sides' messages have in common; an agent's copy carries the analysis besides. */
export type ThreadMessage = CustomerMessage & Partial<Message>;

/** A message on its way: shown at once, and replaced by the stored one when that arrives. */
export interface Outgoing {
  conversationId: string;
  clientMessageId: string;
  text: string;
  suggestionId: string | null;
  formality: Formality;
  at: string;
  state: "sending" | "failed";
  /** Why it failed: a problem's code. */
  code: string | null;
}

export interface Typing {
  sender: Sender;
  name: string;
  /** Epoch milliseconds. */
  at: number;
}

export interface ThreadState<M extends ThreadMessage> {
  conversationId: string | null;
  /** By `seq`, each id once. */
  messages: readonly M[];
  outgoing: readonly Outgoing[];
  /** The highest `seq` known to exist, held or not. */
  lastSeq: number;
  /** False until the first page has arrived. */
  loaded: boolean;
  typing: Typing | null;
  /** How far each side has read. */
  readUpTo: Readonly<Partial<Record<Sender, number>>>;
}

export type ThreadAction<M extends ThreadMessage> =
  | { type: "opened"; conversationId: string; lastSeq: number; outgoing?: readonly Outgoing[] }
  | { type: "closed" }
  | { type: "received"; messages: readonly M[] }
  | { type: "page"; conversationId: string; messages: readonly M[]; lastSeq: number; more: boolean }
  | { type: "patched"; conversationId: string; messageId: string; patch: Partial<M> }
  | { type: "known"; conversationId: string; lastSeq: number }
  | { type: "sending"; outgoing: Outgoing }
  | { type: "failed"; clientMessageId: string; code: string }
  | { type: "retried"; clientMessageId: string }
  | { type: "discarded"; clientMessageId: string }
  | { type: "typing"; conversationId: string; typing: Typing }
  | { type: "typingEnded"; olderThan: number }
  | { type: "read"; conversationId: string; sender: Sender; seq: number };

export function emptyThread<M extends ThreadMessage>(): ThreadState<M> {
  return {
    conversationId: null,
    messages: [],
    outgoing: [],
    lastSeq: 0,
    loaded: false,
    typing: null,
    readUpTo: {},
  };
}

export function reduceThread<M extends ThreadMessage>(
  state: ThreadState<M>,
  action: ThreadAction<M>,
): ThreadState<M> {
  if (
    "conversationId" in action &&
    action.type !== "opened" &&
    action.conversationId !== state.conversationId
  ) {
    return state;
  }
  switch (action.type) {
    case "opened":
      if (action.conversationId === state.conversationId) return known(state, action.lastSeq);
      return {
        ...emptyThread<M>(),
        conversationId: action.conversationId,
        lastSeq: action.lastSeq,
        outgoing: action.outgoing ?? [],
      };
    case "closed":
      return emptyThread<M>();
    case "received":
      return received(state, action.messages);
    case "page": {
      const next = known(received(state, action.messages), action.lastSeq);
      return next.loaded || action.more ? next : { ...next, loaded: true };
    }
    case "patched":
      return patched(state, action.messageId, action.patch);
    case "known":
      return known(state, action.lastSeq);
    case "sending":
      if (action.outgoing.conversationId !== state.conversationId) return state;
      return { ...state, outgoing: [...state.outgoing, action.outgoing] };
    case "failed":
      return changeOutgoing(state, action.clientMessageId, { state: "failed", code: action.code });
    case "retried":
      return changeOutgoing(state, action.clientMessageId, { state: "sending", code: null });
    case "discarded":
      return {
        ...state,
        outgoing: state.outgoing.filter(({ clientMessageId }) => clientMessageId !== action.clientMessageId),
      };
    case "typing":
      return { ...state, typing: action.typing };
    case "typingEnded":
      return state.typing && state.typing.at <= action.olderThan ? { ...state, typing: null } : state;
    case "read":
      if (action.seq <= (state.readUpTo[action.sender] ?? 0)) return state;
      return { ...state, readUpTo: { ...state.readUpTo, [action.sender]: action.seq } };
  }
}

/** The highest `seq` up to which nothing is missing. */
export function contiguousSeq(state: ThreadState<ThreadMessage>): number {
  let expected = 0;
  for (const { seq } of state.messages) {
    if (seq !== expected + 1) break;
    expected = seq;
  }
  return expected;
}

/** Whether a message is known to exist that is not held. */
export function hasGap(state: ThreadState<ThreadMessage>): boolean {
  return contiguousSeq(state) < state.lastSeq;
}

/** The `seq` after which to ask the server: before what is missing, and before what is not analysed yet. */
export function catchUpFrom(state: ThreadState<ThreadMessage>): number {
  const contiguous = contiguousSeq(state);
  const pending = state.messages.find(({ analysis_state }) => analysis_state === "pending");
  return pending ? Math.min(contiguous, pending.seq - 1) : contiguous;
}

/** The `seq` of the latest message whose analysis is still to come, or null. */
export function latestPending(state: ThreadState<ThreadMessage>): number | null {
  return state.messages.findLast(({ analysis_state }) => analysis_state === "pending")?.seq ?? null;
}

const ONE_BREATH_MS = 5 * 60_000;

/** Whether a message continues what the same person said just before, and needs no name of its own. */
export function follows(before: ThreadMessage | undefined, message: ThreadMessage): boolean {
  if (before?.sender !== message.sender || before.sender_name !== message.sender_name) return false;
  return Date.parse(message.timestamp) - Date.parse(before.timestamp) < ONE_BREATH_MS;
}

function received<M extends ThreadMessage>(state: ThreadState<M>, arrived: readonly M[]): ThreadState<M> {
  const ours = arrived.filter(({ conversation_id }) => conversation_id === state.conversationId);
  if (ours.length === 0) return state;
  const byId = new Map(state.messages.map((message) => [message.id, message]));
  for (const message of ours) {
    const held = byId.get(message.id);
    byId.set(message.id, held ? merged(held, message) : message);
  }
  const messages = [...byId.values()].sort((one, other) => one.seq - other.seq);
  const stored = new Set(ours.map(({ client_message_id }) => client_message_id));
  const spoke = new Set(
    ours.filter(({ id }) => !state.messages.some((held) => held.id === id)).map(({ sender }) => sender),
  );
  return {
    ...state,
    messages,
    outgoing: state.outgoing.filter(({ clientMessageId }) => !stored.has(clientMessageId)),
    lastSeq: Math.max(state.lastSeq, messages.at(-1)?.seq ?? 0),
    typing: state.typing && spoke.has(state.typing.sender) ? null : state.typing,
  };
}

/** Of two copies of a message the better informed one, so that a late copy takes nothing away. */
function merged<M extends ThreadMessage>(held: M, arrived: M): M {
  const [poorer, richer] = knows(held) > knows(arrived) ? [arrived, held] : [held, arrived];
  const filled = Object.entries(richer).filter(
    ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return { ...poorer, ...Object.fromEntries(filled) };
}

function knows(message: ThreadMessage): number {
  const analysed = message.analysis_state === "pending" ? 0 : 2;
  return analysed + (message.translation?.state === "translated" ? 1 : 0);
}

function patched<M extends ThreadMessage>(
  state: ThreadState<M>,
  messageId: string,
  patch: Partial<M>,
): ThreadState<M> {
  if (!state.messages.some(({ id }) => id === messageId)) return state;
  const messages = state.messages.map((message) =>
    message.id === messageId ? { ...message, ...patch } : message,
  );
  return { ...state, messages };
}

function known<M extends ThreadMessage>(state: ThreadState<M>, lastSeq: number): ThreadState<M> {
  return lastSeq > state.lastSeq ? { ...state, lastSeq } : state;
}

function changeOutgoing<M extends ThreadMessage>(
  state: ThreadState<M>,
  clientMessageId: string,
  change: Pick<Outgoing, "state" | "code">,
): ThreadState<M> {
  if (!state.outgoing.some((outgoing) => outgoing.clientMessageId === clientMessageId)) return state;
  const outgoing = state.outgoing.map((one) =>
    one.clientMessageId === clientMessageId ? { ...one, ...change } : one,
  );
  return { ...state, outgoing };
}
