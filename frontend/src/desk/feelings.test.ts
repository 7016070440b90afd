import { describe, expect, it } from "vitest";
import { aConversation } from "../testing/builders";
import { ANGRY, isAngry, marksOf, needsAttention, URGENT } from "./feelings";

const escalation = (reason: "complaint" | "anger") => ({
  reason,
  message_id: "message",
  ticket_id: "ticket",
  at: "2026-01-05T10:00:00Z",
});

describe("anger", () => {
  it("counts from its threshold on, and only of who is displeased", () => {
    const feelings = [
      { sentiment: "negative", anger: ANGRY },
      { sentiment: "mixed", anger: ANGRY },
      { sentiment: "negative", anger: ANGRY - 0.01 },
      { sentiment: "positive", anger: 1 },
      { sentiment: "negative", anger: null },
    ] as const;
    expect(feelings.map((one) => isAngry({ ...one, urgency: null }))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("the marks of a conversation", () => {
  it("name each reason once, that of the escalation first", () => {
    const angry = { sentiment: "negative", anger: 0.9, urgency: URGENT } as const;
    expect([
      marksOf(aConversation({ ...angry, escalation: escalation("anger") })),
      marksOf(aConversation({ ...angry, escalation: escalation("complaint") })),
      marksOf(aConversation()),
    ]).toEqual([["anger", "urgent"], ["complaint", "urgent", "anger"], []]);
  });

  it("ask for attention until the conversation is resolved", () => {
    const urgent = aConversation({ urgency: 0.9 });
    expect(
      [urgent, aConversation(), aConversation({ urgency: 0.9, status: "resolved" })].map(needsAttention),
    ).toEqual([true, false, false]);
  });
});
