import { useEffect, useRef } from "react";

export type Shortcuts = Readonly<Record<string, (() => void) | undefined>>;

/** Single keys, while nobody is typing and no dialog is open. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector("dialog[open]")) return;
      if (isTyping(event.target)) {
        if (event.key === "Escape") event.target.blur();
        return;
      }
      const action = latest.current[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

function queueItems(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-testid=queue-item]")];
}

/** Puts the focus on the first conversation of the queue, or of those that were found. */
export function enterQueue(): void {
  queueItems()[0]?.focus();
}

/** Moves the focus through the queue by one step, beginning at the open conversation. */
export function moveInQueue(step: 1 | -1): void {
  const items = queueItems();
  const focused = items.indexOf(document.activeElement as HTMLElement);
  const start =
    focused >= 0 ? focused : items.findIndex((item) => item.getAttribute("aria-current") === "true");
  const next =
    start < 0 ? (step > 0 ? 0 : items.length - 1) : Math.min(items.length - 1, Math.max(0, start + step));
  const item = items[next];
  item?.focus();
  item?.scrollIntoView({ block: "nearest" });
}
