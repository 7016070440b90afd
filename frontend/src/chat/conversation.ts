/**
 * Which of two copies of a conversation is right. Copies carry no version: events of different writers
 * may overtake each other, so each fact is taken from the copy that must know it better.
 */

import type { Conversation, CustomerConversation } from "../api/models";
import type { ServerEvent } from "../live/events";

type AnyConversation = CustomerConversation & Partial<Conversation>;

/** Whether a copy was made because of who has the conversation, or because of what was said in it. */
export type Occasion = "assignment" | "talk";

const ASSIGNMENT_EVENTS: ReadonlySet<ServerEvent["type"]> = new Set([
  "conversation.assigned",
  "conversation.released",
  "conversation.resolved",
  "conversation.reopened",
] as const);

export function occasionOf(event: ServerEvent): Occasion {
  return ASSIGNMENT_EVENTS.has(event.type) ? "assignment" : "talk";
}

/**
 * More messages make a copy the newer one. Between copies with equally many, one made for an assignment
 * decides who has the conversation, and the one with the later analysis what it is about.
 */
export function newerConversation<C extends AnyConversation>(
  held: C | null | undefined,
  arrived: C,
  occasion: Occasion,
): C {
  if (!held || held.id !== arrived.id) return arrived;
  if (arrived.last_seq < held.last_seq) return held;
  const understood = (arrived.analyzed_seq ?? 0) >= (held.analyzed_seq ?? 0) ? arrived : held;
  const withAnalysis = { ...arrived, ...analysisOf(understood) };
  if (arrived.last_seq > held.last_seq || occasion === "assignment") return withAnalysis;
  return { ...withAnalysis, ...assignmentOf(held) };
}

function assignmentOf(conversation: AnyConversation) {
  const { status, assigned_agent, assigned_agent_name, resolved_at } = conversation;
  return definedOf({ status, assigned_agent, assigned_agent_name, resolved_at });
}

function analysisOf(conversation: AnyConversation) {
  const { analyzed_seq, intent, sentiment, escalation } = conversation;
  return definedOf({ analyzed_seq, intent, sentiment, escalation });
}

function definedOf<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
