import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const NEAR_PX = 80;

export interface Stick {
  list: RefObject<HTMLDivElement | null>;
  /** True when something new stands below what is seen. */
  below: boolean;
  toEnd: () => void;
  onScroll: () => void;
}

/** Keeps a list at its end as it grows, unless the reader has scrolled up. `mark` changes with each addition. */
export function useStickToEnd(mark: string, ownMark: string): Stick {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [below, setBelow] = useState(false);

  const toEnd = useCallback(() => {
    const element = list.current;
    if (element) element.scrollTop = element.scrollHeight;
    atEnd.current = true;
    setBelow(false);
  }, []);
  const onScroll = useCallback(() => {
    const element = list.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    if (atEnd.current) setBelow(false);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `mark` is the reason to look again
  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
    else setBelow(true);
  }, [mark, toEnd]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: who writes wants to see what was written
  useLayoutEffect(() => toEnd(), [ownMark, toEnd]);

  useEffect(() => {
    const element = list.current;
    if (!element) return;
    // Late growth (a translation, a smaller window) must not push the end out of sight either.
    const watcher = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    watcher.observe(element);
    if (element.firstElementChild) watcher.observe(element.firstElementChild);
    return () => watcher.disconnect();
  }, []);

  return { list, below, toEnd, onScroll };
}
