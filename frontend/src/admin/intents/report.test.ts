import { describe, expect, it } from "vitest";
import type { IntentReport } from "../../api/models";
import { comparedScores, nextOrder, pointsBetween, type Scores, sorted } from "./report";

const scores = (intent: string, f1: number, examples = 10): Scores => ({
  intent,
  examples,
  precision: f1,
  recall: f1,
  f1,
});

const aReport = (...per_intent: Scores[]): IntentReport => ({
  accuracy: 0.9,
  macro_f1: 0.9,
  out_of_scope_recall: null,
  answered: 1,
  folds: 5,
  confusions: [],
  per_intent,
  to_look_at: [],
  multilingual: null,
  trained_in_seconds: 1,
});

const names = (rows: { intent: string }[]) => rows.map(({ intent }) => intent);

describe("the intents of a report", () => {
  const rows = comparedScores(
    aReport(scores("b", 0.5), scores("c", 0.9, 4), scores("a", 0.5)),
    aReport(scores("b", 0.75)),
  );

  it("know how much better they are told than by the other model", () => {
    expect(rows.map(({ change }) => change)).toEqual([-0.25, null, null]);
  });

  it("are sorted by any column, equal ones by name, and what is not known stands last", () => {
    expect([
      names(sorted(rows, { column: "f1", descending: false })),
      names(sorted(rows, { column: "examples", descending: true })),
      names(sorted(rows, { column: "intent", descending: true })),
      names(sorted(rows, { column: "change", descending: true })),
      names(sorted(rows, { column: "change", descending: false })),
    ]).toEqual([
      ["a", "b", "c"],
      ["a", "b", "c"],
      ["c", "b", "a"],
      ["b", "a", "c"],
      ["b", "a", "c"],
    ]);
  });

  it("turn round at a second click, and begin anew at another column", () => {
    const once = nextOrder({ column: "intent", descending: true }, "f1");
    expect([once, nextOrder(once, "f1"), nextOrder(nextOrder(once, "f1"), "f1")]).toEqual([
      { column: "f1", descending: false },
      { column: "f1", descending: true },
      { column: "f1", descending: false },
    ]);
  });
});

describe("a difference", () => {
  it("is in percentage points, and unknown when one side was not measured", () => {
    expect([
      pointsBetween(0.95, 0.9),
      pointsBetween(0.9, 0.9001),
      pointsBetween(null, 1),
      pointsBetween(1, undefined),
    ]).toEqual([5, 0, null, null]);
  });
});
