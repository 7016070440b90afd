import { describe, expect, it } from "vitest";
import { Reminder } from "./reminder";

/** The moments, in seconds, at which it asks while `awaited` tells for each second what is waited for. */
function asked(awaited: (second: number) => number | null, seconds: number): number[] {
  const reminder = new Reminder(15, 60);
  return Array.from({ length: seconds }, (_, second) => second).filter((second) =>
    reminder.due(awaited(second), second),
  );
}

describe("asking again", () => {
  it("begins after a while and becomes rarer, up to a limit", () => {
    expect(asked(() => 1, 250)).toEqual([15, 45, 105, 165, 225]);
  });

  it("never happens when nothing is waited for, or not for long", () => {
    expect([asked(() => null, 100), asked((second) => (second < 15 ? 1 : null), 100)]).toEqual([[], []]);
  });

  it("begins anew for a message that came later, and is not put off by it", () => {
    expect(asked((second) => (second < 50 ? 1 : 2), 120)).toEqual([15, 45, 65, 95]);
    expect(asked((second) => second, 40)).toEqual([15, 31]);
  });

  it("goes on as before when the latest is there and an earlier one is not", () => {
    expect(asked((second) => (second < 20 ? 2 : 1), 110)).toEqual([15, 45, 105]);
  });
});
