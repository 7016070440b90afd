/** Who is signed in, kept for this browser tab only: two agents may share one machine. */

import type { SignedIn } from "../api/models";

const KEY = "desk.session";

export function loadSignedIn(): SignedIn | null {
  try {
    const held = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as SignedIn | null;
    return typeof held?.token === "string" && typeof held.account?.id === "string" ? held : null;
  } catch {
    return null;
  }
}

export function saveSignedIn(signedIn: SignedIn | null): void {
  try {
    if (signedIn) sessionStorage.setItem(KEY, JSON.stringify(signedIn));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage the agent stays signed in as long as the page lasts.
  }
}
