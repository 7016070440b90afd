import { describe, expect, it } from "vitest";
import type { MessagePage } from "../api/models";
import { CatchUp } from "./catchUp";

interface Numbered {
  seq: number;
}

/** A store of `count` messages that is read two at a time; `arrive` adds one. */
function aStore(count: number) {
  let stored = count;
  const asked: number[] = [];
  return {
    asked,
    arrive: () => {
      stored += 1;
    },
    read: async (afterSeq: number): Promise<MessagePage<Numbered>> => {
      asked.push(afterSeq);
      const all = Array.from({ length: stored }, (_, index) => ({ seq: index + 1 }));
      const rest = all.filter(({ seq }) => seq > afterSeq);
      return { messages: rest.slice(0, 2), last_seq: stored, more: rest.length > 2 };
    },
  };
}

function reading(
  read: (afterSeq: number) => Promise<MessagePage<Numbered>>,
  enough: (held: number[]) => boolean,
) {
  const held: number[] = [];
  const failures: unknown[] = [];
  let catchUp: CatchUp<Numbered>;
  const done = new Promise<void>((resolve) => {
    catchUp = new CatchUp<Numbered>(
      read,
      () => held.at(-1) ?? 0,
      ({ messages }) => {
        held.push(...messages.map(({ seq }) => seq));
        if (enough(held)) resolve();
      },
      (thrown) => {
        failures.push(thrown);
        resolve();
      },
    );
    catchUp.request();
  });
  return { held, failures, done, request: () => catchUp.request(), close: () => catchUp.close() };
}

describe("catching up", () => {
  it("reads page after page until nothing is left", async () => {
    const store = aStore(5);
    const { held, done } = reading(store.read, ({ length }) => length === 5);
    await done;
    expect(held).toEqual([1, 2, 3, 4, 5]);
    expect(store.asked).toEqual([0, 2, 4]);
  });

  it("reads once more when asked while it reads", async () => {
    const store = aStore(1);
    const run = reading(store.read, ({ length }) => length === 2);
    store.arrive();
    run.request();
    await run.done;
    expect(run.held).toEqual([1, 2]);
  });

  it("tells of a failure and works again when asked again", async () => {
    const store = aStore(1);
    let failing = true;
    const read = async (afterSeq: number) => {
      if (!failing) return store.read(afterSeq);
      throw new Error("down");
    };
    const run = reading(read, () => false);
    await run.done;
    failing = false;
    run.request();
    await Promise.resolve();
    expect(run.failures).toHaveLength(1);
    expect(store.asked).toEqual([0]);
  });

  it("applies nothing once it is closed", async () => {
    let answer: (page: MessagePage<Numbered>) => void = () => undefined;
    const page = new Promise<MessagePage<Numbered>>((resolve) => {
      answer = resolve;
    });
    const run = reading(
      () => page,
      () => true,
    );
    run.close();
    answer({ messages: [{ seq: 1 }], last_seq: 1, more: false });
    await page;
    expect(run.held).toEqual([]);
  });
});
