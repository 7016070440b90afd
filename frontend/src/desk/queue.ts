/** The desk's list of conversations, as a pure reducer. */

import type { Conversation } from "../api/models";
import { newerConversation } from "../chat/conversation";

export interface QueueState {
  byId: Readonly<Record<string, Conversation>>;
  /** Counts the changes; a reading that began before a change knows nothing of it. */
  clock: number;
  changedAt: Readonly<Record<string, number>>;
  loaded: boolean;
  /** Where the rest of a long list begins, or null. */
  continuation: string | null;
}

export type QueueAction =
  /** The list from its beginning, or the rest of it; `asOf` is the clock when it was asked for. */
  | {
      type: "read" | "more";
      asOf: number;
      conversations: readonly Conversation[];
      continuation: string | null;
    }
  /** One conversation, from an event or an answer. */
  | { type: "heard"; conversation: Conversation };

export const EMPTY_QUEUE: QueueState = {
  byId: {},
  clock: 0,
  changedAt: {},
  loaded: false,
  continuation: null,
};

export function reduceQueue(state: QueueState, action: QueueAction): QueueState {
  if (action.type === "heard") return taken(state, [action.conversation]);
  const { type, asOf, conversations, continuation } = action;
  const whole = type === "read" && continuation === null;
  const held = whole ? withoutUnlisted(state, conversations, asOf) : state;
  return { ...taken(held, conversations), loaded: true, continuation };
}

export interface QueueGroups {
  mine: Conversation[];
  waiting: Conversation[];
  others: Conversation[];
}

/**
 * Who waits stands in the order of arrival, escalated first: a customer who writes again loses no place
 * and nothing jumps under the hand. The agents' own conversations show the latest news first.
 */
export function grouped(state: QueueState, agentId: string): QueueGroups {
  const all = Object.values(state.byId);
  const active = all.filter(({ status }) => status === "active");
  return {
    mine: active.filter(({ assigned_agent }) => assigned_agent === agentId).sort(latestFirst),
    waiting: all.filter(({ status }) => status === "waiting").sort(mostUrgentFirst),
    others: active.filter(({ assigned_agent }) => assigned_agent !== agentId).sort(latestFirst),
  };
}

/** How many messages are new since this agent last looked; none when the last word is an agent's. */
export function unreadCount(conversation: Conversation, readUpTo: number): number {
  return conversation.last_sender === "customer" ? Math.max(0, conversation.last_seq - readUpTo) : 0;
}

function latestFirst(one: Conversation, other: Conversation): number {
  return other.last_message_at.localeCompare(one.last_message_at);
}

function mostUrgentFirst(one: Conversation, other: Conversation): number {
  const urgency = Number(other.escalation !== null) - Number(one.escalation !== null);
  return urgency || one.start_time.localeCompare(other.start_time);
}

/** With those that are news; the very same state when none is. */
function taken(state: QueueState, arrived: readonly Conversation[]): QueueState {
  const news = arrived.filter((one) => newerConversation(state.byId[one.id], one) === one);
  if (news.length === 0) return state;
  const clock = state.clock + 1;
  return {
    ...state,
    clock,
    byId: { ...state.byId, ...Object.fromEntries(news.map((one) => [one.id, one])) },
    changedAt: { ...state.changedAt, ...Object.fromEntries(news.map(({ id }) => [id, clock])) },
  };
}

/**
 * A whole list tells also what is gone from it, except of what changed after it was asked for. The resolved
 * are in no list; they stay, so that a late copy from before cannot bring them back.
 */
function withoutUnlisted(state: QueueState, listed: readonly Conversation[], asOf: number): QueueState {
  const ids = new Set(listed.map(({ id }) => id));
  const stays = ([id, { status }]: [string, Conversation]) =>
    ids.has(id) || status === "resolved" || (state.changedAt[id] ?? 0) > asOf;
  return { ...state, byId: Object.fromEntries(Object.entries(state.byId).filter(stays)) };
}
