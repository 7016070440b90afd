/** Who is angry and what is urgent, by the same measure as the server's escalation. */

import type { Conversation, Sentiment } from "../api/models";

/** From these on a message counts as angry, as urgent. */
export const ANGRY = 0.8;
export const URGENT = 0.8;

/** What a message, or the latest one of a conversation, tells of its writer. */
export interface Feeling {
  sentiment: Sentiment | null;
  anger: number | null;
  urgency: number | null;
}

/** Nobody who is pleased or indifferent is angry, whatever the words sound like. */
export function isAngry({ sentiment, anger }: Feeling): boolean {
  return (sentiment === "negative" || sentiment === "mixed") && (anger ?? 0) >= ANGRY;
}

export function isUrgent({ urgency }: Feeling): boolean {
  return (urgency ?? 0) >= URGENT;
}

export type Mark = NonNullable<Conversation["escalation"]>["reason"];

/** Why a conversation stands out, each reason once: that of its escalation first. */
export function marksOf(conversation: Conversation): Mark[] {
  const marks: Mark[] = conversation.escalation ? [conversation.escalation.reason] : [];
  if (isUrgent(conversation)) marks.push("urgent");
  if (isAngry(conversation)) marks.push("anger");
  return [...new Set(marks)];
}

export function needsAttention(conversation: Conversation): boolean {
  return conversation.status !== "resolved" && marksOf(conversation).length > 0;
}
