import { describe, expect, it } from "vitest";
import { aConversation } from "../testing/builders";
import { newerConversation } from "./conversation";

const claimed = aConversation({ status: "active", assigned_agent: "me", last_seq: 2 });
const unclaimed = aConversation({ status: "waiting", last_seq: 2 });

describe("two copies of a conversation", () => {
  it("does not lose a claim to an analysis that was stored before and published after it", () => {
    const analysed = { ...unclaimed, intent: "track_order", analyzed_seq: 2 };
    expect(newerConversation(claimed, analysed, "talk")).toEqual({
      ...claimed,
      intent: "track_order",
      analyzed_seq: 2,
    });
  });

  it("believes a release", () => {
    expect(newerConversation(claimed, unclaimed, "assignment")).toEqual(unclaimed);
  });

  it("keeps what was understood when a claim knows less of it", () => {
    const analysed = { ...unclaimed, intent: "track_order", analyzed_seq: 2 };
    expect(newerConversation(analysed, claimed, "assignment")).toMatchObject({
      status: "active",
      intent: "track_order",
    });
  });

  it("believes a copy with more messages in everything, and one with fewer in nothing", () => {
    const reopened = aConversation({ status: "waiting", last_seq: 3 });
    expect(newerConversation(claimed, reopened, "talk")).toEqual(reopened);
    expect(newerConversation(reopened, claimed, "assignment")).toEqual(reopened);
  });
});
