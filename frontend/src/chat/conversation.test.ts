import { describe, expect, it } from "vitest";
import { aConversation } from "../testing/builders";
import { newerConversation } from "./conversation";

const waiting = aConversation({ status: "waiting", revision: 4 });
const claimed = aConversation({ status: "active", assigned_agent: "me", revision: 5 });

describe("two copies of a conversation", () => {
  it("are the later one, in whichever order they arrive", () => {
    expect([newerConversation(waiting, claimed), newerConversation(claimed, waiting)]).toEqual([
      claimed,
      claimed,
    ]);
  });

  it("are the held one when they are equal, so that nothing is drawn anew", () => {
    expect(newerConversation(claimed, structuredClone(claimed))).toBe(claimed);
  });

  it("are not compared when they belong to different conversations", () => {
    const other = aConversation({ id: "other", revision: 1 });
    expect(newerConversation(claimed, other)).toBe(other);
  });

  it("are the arrived one when none was held", () => {
    expect(newerConversation(null, waiting)).toBe(waiting);
  });
});
