import { describe, expect, it } from "vitest";
import { aConversation } from "../testing/builders";
import { EMPTY_QUEUE, grouped, type QueueAction, reduceQueue, unreadCount } from "./queue";

const reduced = (...actions: QueueAction[]) => actions.reduce(reduceQueue, EMPTY_QUEUE);
const ids = (conversations: { id: string }[]) => conversations.map(({ id }) => id);
const changed = (change: Parameters<typeof aConversation>[0]): QueueAction => ({
  type: "changed",
  conversation: aConversation(change),
  occasion: "assignment",
});
const read = (id: string, asOf: number, continuation: string | null = null): QueueAction => ({
  type: "read",
  asOf,
  conversations: [aConversation({ id })],
  continuation,
});

describe("the queue", () => {
  it("holds each conversation once, as it was last heard of", () => {
    const state = reduced(changed({ id: "a", last_seq: 1 }), changed({ id: "a", last_seq: 2 }));
    expect(Object.values(state.byId).map(({ last_seq }) => last_seq)).toEqual([2]);
  });

  it("does not go back to an older state that comes late", () => {
    const state = reduced(changed({ id: "a", last_seq: 2 }), changed({ id: "a", last_seq: 1 }));
    expect(state.byId.a?.last_seq).toBe(2);
  });

  it("forgets what a whole list no longer holds, but not what came while it was read", () => {
    const before = reduced(changed({ id: "gone" }));
    const state = [changed({ id: "new" }), read("listed", before.clock)].reduce(reduceQueue, before);
    expect(Object.keys(state.byId).sort()).toEqual(["listed", "new"]);
  });

  it("forgets nothing when only part of the list was read", () => {
    const state = reduced(changed({ id: "further down" }), read("listed", 1, "next"));
    expect(Object.keys(state.byId).sort()).toEqual(["further down", "listed"]);
  });

  it("does not undo a claim when a conversation read before it arrives after it", () => {
    const conversation = aConversation({ id: "a", status: "waiting" });
    const claim = changed({ id: "a", status: "active", assigned_agent: "me" });
    const late = reduced(claim, { type: "looked", asOf: 0, conversation });
    const current = reduced(claim, { type: "looked", asOf: 1, conversation });
    expect([late.byId.a?.status, current.byId.a?.status]).toEqual(["active", "waiting"]);
  });

  it("parts mine, waiting and others, and leaves out what is resolved", () => {
    const state = reduced(
      changed({ id: "mine", status: "active", assigned_agent: "me" }),
      changed({ id: "theirs", status: "active", assigned_agent: "someone" }),
      changed({ id: "waiting" }),
      changed({ id: "done", status: "resolved" }),
    );
    const { mine, waiting, others } = grouped(state, "me");
    expect([ids(mine), ids(waiting), ids(others)]).toEqual([["mine"], ["waiting"], ["theirs"]]);
  });

  it("puts who needs a person first, then who came first", () => {
    const escalation = {
      reason: "complaint" as const,
      message_id: "m",
      ticket_id: "t",
      at: "2026-01-05T10:00:00Z",
    };
    const state = reduced(
      changed({ id: "later", start_time: "2026-01-05T10:02:00Z" }),
      changed({ id: "earlier", start_time: "2026-01-05T10:01:00Z" }),
      changed({ id: "urgent", start_time: "2026-01-05T10:03:00Z", escalation }),
    );
    expect(ids(grouped(state, "me").waiting)).toEqual(["urgent", "earlier", "later"]);
  });
});

describe("unread messages", () => {
  it("are those after the last one seen", () => {
    expect(unreadCount(aConversation({ last_seq: 5 }), 3)).toBe(2);
  });

  it("are none when an agent had the last word", () => {
    expect(unreadCount(aConversation({ last_seq: 5, last_sender: "agent" }), 3)).toBe(0);
  });
});
