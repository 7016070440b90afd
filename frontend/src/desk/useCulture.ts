import { useEffect, useState } from "react";
import type { CulturalContext } from "../api/models";
import { asProblem } from "../api/problem";
import { useDesk } from "./context";

/** Of each language asked for once, as long as the page lasts: it does not change. */
const known = new Map<string, Promise<CulturalContext | null>>();

/** How to speak with customers of a language: undefined while it is read, null when nothing is known of it. */
export function useCulture(code: string, wanted: boolean): CulturalContext | null | undefined {
  const { api, fail } = useDesk();
  const [held, setHeld] = useState<{ code: string; culture: CulturalContext | null } | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    const reading = known.get(code) ?? api.culturalContext(code).catch(nullWhenUnknown);
    known.set(code, reading);
    reading.then(
      (culture) => {
        if (current) setHeld({ code, culture });
      },
      (thrown) => {
        known.delete(code);
        if (current) fail(thrown);
      },
    );
    return () => {
      current = false;
    };
  }, [api, fail, code, wanted]);
  return held?.code === code ? held.culture : undefined;
}

function nullWhenUnknown(thrown: unknown): null {
  const { status } = asProblem(thrown);
  if (status === 404 || status === 400) return null;
  throw thrown;
}
