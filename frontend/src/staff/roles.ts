/** What the roles of staff may do in the administration. */

import type { AccountProfile } from "../api/models";

export function mayLook({ role }: AccountProfile): boolean {
  return role === "supervisor" || role === "admin";
}

export function mayChange({ role }: AccountProfile): boolean {
  return role === "admin";
}
