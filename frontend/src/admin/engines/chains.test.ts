import { describe, expect, it } from "vitest";
import type { EngineState } from "../../api/models";
import { chainsOf, conditionOf, troubles } from "./chains";

const anEngine = (change: Partial<EngineState> = {}): EngineState => ({
  name: "linear",
  capability: "intent",
  breaker: "closed",
  failures: 0,
  problem: null,
  ...change,
});

describe("engines", () => {
  it("stand in their chains, in the order in which they are asked", () => {
    const states = [
      anEngine({ name: "cloud" }),
      anEngine({ name: "other", capability: "translation" }),
      anEngine({ name: "embedded" }),
    ];
    expect(
      chainsOf(states).map(({ capability, engines }) => [capability, ...engines.map(({ name }) => name)]),
    ).toEqual([
      ["intent", "cloud", "embedded"],
      ["translation", "other"],
    ]);
  });

  it("are well, shaky after a failure, and resting when the breaker is open", () => {
    expect([
      conditionOf(anEngine()),
      conditionOf(anEngine({ failures: 1 })),
      conditionOf(anEngine({ failures: 3, breaker: "open" })),
    ]).toEqual(["well", "shaky", "resting"]);
  });

  it("are absent where they have no pair of languages, and as they are where they have one or any", () => {
    const pair = { source: "es", target: "pt", quality: "good" as const };
    expect([
      conditionOf(anEngine(), []),
      conditionOf(anEngine(), [pair]),
      conditionOf(anEngine({ failures: 1 }), [pair]),
      conditionOf(anEngine(), null),
    ]).toEqual(["absent", "well", "shaky", "well"]);
  });

  it("and services in trouble are counted", () => {
    const dependencies = [
      { name: "cosmos-db", state: "ok" as const, latency_ms: 2 },
      { name: "web-pubsub", state: "failing" as const, latency_ms: 3000 },
    ];
    const engines = [anEngine(), anEngine({ breaker: "open", failures: 3 })];
    expect(troubles({ status: "failing", dependencies, engines })).toEqual({
      services: ["web-pubsub"],
      resting: 1,
    });
  });
});
