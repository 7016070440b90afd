/** The desk's list of conversations, as a pure reducer. */

import type { Conversation } from "../api/models";
import { newerConversation, type Occasion } from "../chat/conversation";

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
  | { type: "looked"; asOf: number; conversation: Conversation }
  | { type: "changed"; conversation: Conversation; occasion: Occasion };

export const EMPTY_QUEUE: QueueState = {
  byId: {},
  clock: 0,
  changedAt: {},
  loaded: false,
  continuation: null,
};

export function reduceQueue(state: QueueState, action: QueueAction): QueueState {
  switch (action.type) {
    case "read":
    case "more": {
      const { asOf, conversations, continuation } = action;
      const held =
        action.type === "read" && continuation === null ? withoutUnlisted(state, asOf) : state.byId;
      return { ...state, byId: overlaid(state, held, conversations, asOf), loaded: true, continuation };
    }
    case "looked":
      return { ...state, byId: overlaid(state, state.byId, [action.conversation], action.asOf) };
    case "changed": {
      const { id } = action.conversation;
      const held = state.byId[id];
      const next = newerConversation(held, action.conversation, action.occasion);
      if (next === held) return state;
      const clock = state.clock + 1;
      return {
        ...state,
        clock,
        byId: { ...state.byId, [id]: next },
        changedAt: { ...state.changedAt, [id]: clock },
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

function changedSince(state: QueueState, id: string, asOf: number): boolean {
  return (state.changedAt[id] ?? 0) > asOf;
}

/** A whole list tells also what is gone from it. The resolved are never in it, and do no harm. */
function withoutUnlisted(state: QueueState, asOf: number): QueueState["byId"] {
  const stays = ([id, { status }]: [string, Conversation]) =>
    status === "resolved" || changedSince(state, id, asOf);
  return Object.fromEntries(Object.entries(state.byId).filter(stays));
}

function overlaid(
  state: QueueState,
  held: QueueState["byId"],
  arrived: readonly Conversation[],
  asOf: number,
): QueueState["byId"] {
  const news = arrived.filter(({ id }) => !changedSince(state, id, asOf));
  return { ...held, ...Object.fromEntries(news.map((conversation) => [conversation.id, conversation])) };
}
