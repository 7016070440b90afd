import { describe, expect, it } from "vitest";
import type { Message } from "../api/models";
import { aMessage, anOutgoing, aSuggestion } from "../testing/builders";
import {
  catchUpFrom,
  contiguousSeq,
  emptyThread,
  follows,
  hasGap,
  reduceThread,
  type ThreadAction,
  type ThreadState,
} from "./thread";

const HERE = "conversation-1";
const THERE = "conversation-2";

function opened(lastSeq = 0): ThreadState<Message> {
  return reduceThread(emptyThread<Message>(), { type: "opened", conversationId: HERE, lastSeq });
}

function reduced(state: ThreadState<Message>, ...actions: ThreadAction<Message>[]): ThreadState<Message> {
  return actions.reduce(reduceThread<Message>, state);
}

function received(...seqs: number[]): ThreadAction<Message> {
  return { type: "received", messages: seqs.map((seq) => aMessage({ seq })) };
}

const seqs = (state: ThreadState<Message>) => state.messages.map(({ seq }) => seq);

describe("order and doubles", () => {
  it("shows messages by seq, however they arrive", () => {
    expect(seqs(reduced(opened(), received(3), received(1), received(2)))).toEqual([1, 2, 3]);
  });

  it("shows a message that comes twice once", () => {
    expect(seqs(reduced(opened(), received(1, 2), received(2), received(1, 2)))).toEqual([1, 2]);
  });

  it("keeps what was understood when an earlier copy comes late", () => {
    const analysed = aMessage({
      analysis_state: "complete",
      intent: { engine: "head", latency_ms: 1, intent: "track_order", confidence: 0.9, alternatives: [] },
    });
    const early = aMessage({ analysis_state: "pending" });
    const state = reduced(
      opened(),
      { type: "received", messages: [analysed] },
      { type: "received", messages: [early] },
    );
    expect(state.messages[0]).toEqual(analysed);
  });

  it("takes over what was understood when it comes after", () => {
    const early = aMessage({ analysis_state: "pending" });
    const analysed = aMessage({ analysis_state: "complete", ocr_text: "seen" });
    const state = reduced(
      opened(),
      { type: "received", messages: [early] },
      { type: "received", messages: [analysed] },
    );
    expect(state.messages[0]).toMatchObject({ analysis_state: "complete", ocr_text: "seen" });
  });

  it("adds suggestions to the message they belong to, and to no other", () => {
    const patch = { suggestions: [aSuggestion()] };
    const messageId = aMessage({ seq: 2 }).id;
    const state = reduced(opened(), received(1, 2), {
      type: "patched",
      conversationId: HERE,
      messageId,
      patch,
    });
    expect(state.messages.map((message) => message.suggestions.length)).toEqual([0, 1]);
  });
});

describe("gaps", () => {
  it("finds a jump in seq and asks for what comes after the last message before it", () => {
    const state = reduced(opened(), received(1, 2, 5));
    expect([hasGap(state), catchUpFrom(state)]).toEqual([true, 2]);
  });

  it("has none once the missing messages are there", () => {
    const state = reduced(opened(), received(1, 2, 5), received(3, 4));
    expect([hasGap(state), contiguousSeq(state)]).toEqual([false, 5]);
  });

  it("knows of a message that only the conversation tells of", () => {
    const state = reduced(opened(), received(1), { type: "known", conversationId: HERE, lastSeq: 2 });
    expect([hasGap(state), catchUpFrom(state)]).toEqual([true, 1]);
  });

  it("asks again for a message whose analysis is still to come, though none is missing", () => {
    const pending = aMessage({ seq: 2, analysis_state: "pending" });
    const state = reduced(opened(), received(1, 3), { type: "received", messages: [pending] });
    expect([hasGap(state), catchUpFrom(state)]).toEqual([false, 1]);
  });

  it("is loaded with the last page, not before", () => {
    const page = (seq: number, more: boolean): ThreadAction<Message> => {
      return { type: "page", conversationId: HERE, messages: [aMessage({ seq })], lastSeq: 2, more };
    };
    const first = reduced(opened(), page(1, true));
    expect([first.loaded, reduced(first, page(2, false)).loaded]).toEqual([false, true]);
  });
});

describe("changing the conversation", () => {
  it("begins empty in another one", () => {
    const state = reduced(opened(), received(1, 2), { type: "opened", conversationId: THERE, lastSeq: 0 });
    expect([state.conversationId, state.messages]).toEqual([THERE, []]);
  });

  it("keeps everything when the same one is opened again", () => {
    expect(
      seqs(reduced(opened(), received(1), { type: "opened", conversationId: HERE, lastSeq: 0 })),
    ).toEqual([1]);
  });

  it("ignores what arrives late from the one that was left", () => {
    const there = reduced(opened(), { type: "opened", conversationId: THERE, lastSeq: 0 });
    const state = reduced(
      there,
      received(1),
      { type: "page", conversationId: HERE, messages: [aMessage()], lastSeq: 9, more: false },
      { type: "known", conversationId: HERE, lastSeq: 9 },
      { type: "typing", conversationId: HERE, typing: { sender: "agent", name: "Agent", at: 1 } },
      { type: "sending", outgoing: anOutgoing() },
    );
    expect(state).toEqual(there);
  });
});

describe("messages on their way", () => {
  const sending: ThreadAction<Message> = { type: "sending", outgoing: anOutgoing() };

  it("gives way to the stored message, whether the answer or the event brings it", () => {
    const state = reduced(opened(), sending, received(1), received(1));
    expect([seqs(state), state.outgoing]).toEqual([[1], []]);
  });

  it("does not fail when the message arrived although the answer was lost", () => {
    const state = reduced(opened(), sending, received(1), {
      type: "failed",
      clientMessageId: "client-1",
      code: "unreachable",
    });
    expect(state.outgoing).toEqual([]);
  });

  it("fails visibly, and keeps its id when it is tried again", () => {
    const failed = reduced(opened(), sending, {
      type: "failed",
      clientMessageId: "client-1",
      code: "unavailable",
    });
    const retried = reduced(failed, { type: "retried", clientMessageId: "client-1" });
    expect(failed.outgoing).toEqual([anOutgoing({ state: "failed", code: "unavailable" })]);
    expect(retried.outgoing).toEqual([anOutgoing()]);
  });

  it("stands in the order of writing", () => {
    const second = { type: "sending" as const, outgoing: anOutgoing({ clientMessageId: "client-2" }) };
    const ids = reduced(opened(), sending, second).outgoing.map(({ clientMessageId }) => clientMessageId);
    expect(ids).toEqual(["client-1", "client-2"]);
  });
});

describe("a message after another", () => {
  const at = (time: string, sender: "customer" | "agent" = "customer") => {
    return aMessage({ timestamp: `2026-01-05T10:${time}.000000Z`, sender });
  };

  it("continues it when the same person wrote within minutes", () => {
    expect(follows(at("00:00"), at("04:59"))).toBe(true);
  });

  it("stands alone after a while, after someone else, and at the beginning", () => {
    const alone = [at("00:00"), at("04:00", "agent"), undefined].map((before) =>
      follows(before, at("05:00")),
    );
    expect(alone).toEqual([false, false, false]);
  });
});

describe("the other side", () => {
  const typing: ThreadAction<Message> = {
    type: "typing",
    conversationId: HERE,
    typing: { sender: "agent", name: "Agent", at: 1_000 },
  };

  it("stops writing when its message arrives, and not when one of ours does", () => {
    const theirs = reduced(opened(), typing, { type: "received", messages: [aMessage({ sender: "agent" })] });
    const ours = reduced(opened(), typing, received(1));
    expect([theirs.typing, ours.typing?.name]).toEqual([null, "Agent"]);
  });

  it("stops writing when nothing more is heard of it", () => {
    const still = reduced(opened(), typing, { type: "typingEnded", olderThan: 999 });
    const ended = reduced(still, { type: "typingEnded", olderThan: 1_000 });
    expect([still.typing?.name, ended.typing]).toEqual(["Agent", null]);
  });

  it("never takes reading back", () => {
    const read = (seq: number) => ({ type: "read", conversationId: HERE, sender: "agent", seq }) as const;
    expect(reduced(opened(), read(3), read(2)).readUpTo.agent).toBe(3);
  });
});
