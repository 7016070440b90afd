import { describe, expect, it } from "vitest";
import { aConversation } from "../testing/builders";
import { EMPTY_QUEUE, grouped, type QueueAction, reduceQueue, unreadCount } from "./queue";

const reduced = (...actions: QueueAction[]) => actions.reduce(reduceQueue, EMPTY_QUEUE);
const ids = (conversations: { id: string }[]) => conversations.map(({ id }) => id);
const heard = (change: Parameters<typeof aConversation>[0]): QueueAction => ({
  type: "heard",
  conversation: aConversation(change),
});
const read = (
  changes: Parameters<typeof aConversation>[0][],
  asOf: number,
  continuation: string | null = null,
): QueueAction => ({ type: "read", asOf, conversations: changes.map(aConversation), continuation });

const waiting = { id: "a", status: "waiting" as const, revision: 4 };
const claimed = { id: "a", status: "active" as const, assigned_agent: "me", revision: 5 };
const released = { id: "a", status: "waiting" as const, revision: 6 };

describe("the queue", () => {
  it("holds each conversation once, as it was last changed, however its copies arrive", () => {
    const states = [
      [heard(waiting), heard(claimed), heard(released)],
      [heard(released), heard(waiting), heard(claimed)],
      [heard(claimed), heard(released), heard(claimed)],
    ].map((actions) => reduced(...actions));
    expect(states.map(({ byId }) => Object.values(byId).map(({ revision }) => revision))).toEqual([
      [6],
      [6],
      [6],
    ]);
  });

  it("stays the very same when an event comes twice", () => {
    const once = reduced(heard(claimed));
    expect(reduceQueue(once, heard(claimed))).toBe(once);
  });

  it("does not undo a claim when an answer or a list from before arrives after it", () => {
    const state = reduced(heard(claimed), heard(waiting), read([waiting], 0));
    expect(state.byId.a?.status).toBe("active");
  });

  it("believes a list that knows more, even one that was asked for before the last change", () => {
    expect(reduced(heard(claimed), read([released], 0)).byId.a?.status).toBe("waiting");
  });

  it("forgets what a whole list no longer holds, but not what came while it was read", () => {
    const before = reduced(heard({ id: "gone" }));
    const state = [heard({ id: "new" }), read([{ id: "listed" }], before.clock)].reduce(reduceQueue, before);
    expect(Object.keys(state.byId).sort()).toEqual(["listed", "new"]);
  });

  it("keeps what one list brought when another, asked for at the same time, comes after it", () => {
    const state = reduced(read([{ id: "a" }, { id: "new" }], 0), read([{ id: "a" }], 0));
    expect(Object.keys(state.byId).sort()).toEqual(["a", "new"]);
  });

  it("forgets nothing when only part of the list was read", () => {
    const state = reduced(heard({ id: "further down" }), read([{ id: "listed" }], 1, "next"));
    expect(Object.keys(state.byId).sort()).toEqual(["further down", "listed"]);
  });

  it("does not show again what was resolved while the list was read", () => {
    const resolved = { ...claimed, status: "resolved" as const, revision: 6 };
    const state = reduced(heard(resolved), read([], 1), heard(claimed));
    expect(state.byId.a?.status).toBe("resolved");
  });

  it("parts mine, waiting and others, and leaves out what is resolved", () => {
    const state = reduced(
      heard({ id: "mine", status: "active", assigned_agent: "me" }),
      heard({ id: "theirs", status: "active", assigned_agent: "someone" }),
      heard({ id: "waiting" }),
      heard({ id: "done", status: "resolved" }),
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
      heard({ id: "later", start_time: "2026-01-05T10:02:00Z" }),
      heard({ id: "earlier", start_time: "2026-01-05T10:01:00Z" }),
      heard({ id: "urgent", start_time: "2026-01-05T10:03:00Z", escalation }),
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
