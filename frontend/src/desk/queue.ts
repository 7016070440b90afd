/** The desk's list of conversations, as a pure reducer. */

import type { Conversation } from "../api/models";

export interface QueueState {
  byId: Readonly<Record<string, Conversation>>;
  /** Ids that arrived while a reading of the list was under way: newer than that reading. */
  fresh: ReadonlySet<string>;
  loaded: boolean;
  /** Where the rest of a long list begins, or null. */
  continuation: string | null;
}

export type QueueAction =
  | { type: "reading" }
  | { type: "read"; conversations: readonly Conversation[]; continuation: string | null }
  | { type: "more"; conversations: readonly Conversation[]; continuation: string | null }
  | { type: "changed"; conversation: Conversation };

export const EMPTY_QUEUE: QueueState = { byId: {}, fresh: new Set(), loaded: false, continuation: null };

export function reduceQueue(state: QueueState, action: QueueAction): QueueState {
  switch (action.type) {
    case "reading":
      return { ...state, fresh: new Set() };
    case "read": {
      // A whole list tells also what is gone from it; part of a list does not. The resolved are never in it.
      const stays = ([id, { status }]: [string, Conversation]) =>
        state.fresh.has(id) || status === "resolved";
      const kept =
        action.continuation === null
          ? Object.fromEntries(Object.entries(state.byId).filter(stays))
          : state.byId;
      const byId = merged(kept, action.conversations, state.fresh);
      return { byId, fresh: new Set(), loaded: true, continuation: action.continuation };
    }
    case "more":
      return {
        ...state,
        byId: merged(state.byId, action.conversations, state.fresh),
        continuation: action.continuation,
      };
    case "changed": {
      const held = state.byId[action.conversation.id];
      if (held && held.last_seq > action.conversation.last_seq) return state;
      return {
        ...state,
        byId: { ...state.byId, [action.conversation.id]: action.conversation },
        fresh: new Set(state.fresh).add(action.conversation.id),
      };
    }
  }
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

function merged(
  held: Readonly<Record<string, Conversation>>,
  arrived: readonly Conversation[],
  fresh: ReadonlySet<string>,
): Record<string, Conversation> {
  const byId = { ...held };
  for (const conversation of arrived) {
    if (!fresh.has(conversation.id)) byId[conversation.id] = conversation;
  }
  return byId;
}
