/** The engines' health, arranged as a person looks at it. */

import type { EngineState, Health, TranslatedPair } from "../../api/models";

export interface ChainOfEngines {
  capability: string;
  /** In the order in which they are asked. */
  engines: EngineState[];
}

/** The engines by capability; both stand in the order in which the server names them. */
export function chainsOf(states: readonly EngineState[]): ChainOfEngines[] {
  const chains = new Map<string, EngineState[]>();
  for (const state of states) chains.set(state.capability, [...(chains.get(state.capability) ?? []), state]);
  return [...chains].map(([capability, engines]) => ({ capability, engines }));
}

export type Condition = "well" | "shaky" | "resting" | "absent";

/**
 * How an engine is: without anything to work with, left alone by its breaker, failing but still asked, or well.
 * `pairs` are those that it translates, where it is known.
 */
export function conditionOf(
  { breaker, failures }: Pick<EngineState, "breaker" | "failures">,
  pairs: readonly TranslatedPair[] | null = null,
): Condition {
  if (pairs?.length === 0) return "absent";
  if (breaker === "open") return "resting";
  return failures > 0 ? "shaky" : "well";
}

/** What is wrong at the moment: services that cannot be reached, and how many engines are left alone. */
export function troubles(health: Health): { services: string[]; resting: number } {
  return {
    services: health.dependencies.filter(({ state }) => state === "failing").map(({ name }) => name),
    resting: health.engines.filter((engine) => conditionOf(engine) === "resting").length,
  };
}
