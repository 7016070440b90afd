/** Where in the front end the browser is: the path of its address, kept in its history. */

import { useSyncExternalStore } from "react";

const MOVED = "path:moved";

function subscribe(moved: () => void): () => void {
  window.addEventListener("popstate", moved);
  window.addEventListener(MOVED, moved);
  return () => {
    window.removeEventListener("popstate", moved);
    window.removeEventListener(MOVED, moved);
  };
}

/** The parts of the path, decoded: `/desk/abc` gives `["desk", "abc"]`. */
export function usePath(): string[] {
  const path = useSyncExternalStore(subscribe, () => window.location.pathname);
  return pathParts(path);
}

export function pathParts(path: string): string[] {
  return path
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);
}

/** Goes to another path; the way back is the browser's own. */
export function goTo(path: string): void {
  if (path === window.location.pathname) return;
  window.history.pushState(null, "", path);
  window.dispatchEvent(new Event(MOVED));
}

/** Goes to another path in the place of this one: the way back leads past it. */
export function replacePath(path: string): void {
  if (path === window.location.pathname) return;
  window.history.replaceState(null, "", path);
  window.dispatchEvent(new Event(MOVED));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
