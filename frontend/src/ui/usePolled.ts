import { useCallback, useEffect, useRef, useState } from "react";
import { useVisible } from "../chat/useVisible";

export interface Polled<T> {
  /** The latest answer; null until there is one. */
  value: T | null;
  /** When it came, in epoch milliseconds. */
  at: number | null;
  /** Whether asking failed since. */
  stale: boolean;
  /** Asks again at once. */
  refresh: () => void;
}

/**
 * Asks again and again while the page is looked at; an answer stands until the next one is there.
 *
 * @param everyMs the pause between an answer and the next question; null asks once
 * @param paused asks nothing while true
 */
export function usePolled<T>(
  read: (signal: AbortSignal) => Promise<T>,
  everyMs: number | null,
  failed: (thrown: unknown) => void,
  paused = false,
): Polled<T> {
  const visible = useVisible();
  const [state, setState] = useState<Omit<Polled<T>, "refresh">>({ value: null, at: null, stale: false });
  const [round, setRound] = useState(0);
  const latest = useRef(failed);
  latest.current = failed;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is what `refresh` asks for
  useEffect(() => {
    if (paused || !visible) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const value = await read(stop.signal);
        if (stop.signal.aborted) return;
        setState({ value, at: Date.now(), stale: false });
      } catch (thrown) {
        if (stop.signal.aborted) return;
        setState((held) => ({ ...held, stale: true }));
        latest.current(thrown);
      }
      if (everyMs !== null) timer = setTimeout(() => void ask(), everyMs);
    };
    void ask();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [read, everyMs, paused, visible, round]);

  const refresh = useCallback(() => setRound((held) => held + 1), []);
  return { ...state, refresh };
}
