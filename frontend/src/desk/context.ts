import { createContext, useContext } from "react";
import type { DeskApi } from "../api/client";
import type { AccountProfile } from "../api/models";
import type { LiveConnection } from "../live/connection";

/** What every part of the desk needs. */
export interface DeskContextValue {
  api: DeskApi;
  live: LiveConnection;
  account: AccountProfile;
  /** The agents' interface language. */
  language: string;
  /** Says in words what went wrong; signs out when the token is no longer accepted. */
  fail: (thrown: unknown) => void;
  tell: (words: string) => void;
}

export const DeskContext = createContext<DeskContextValue | null>(null);

export function useDesk(): DeskContextValue {
  const value = useContext(DeskContext);
  if (!value) throw new Error("This part belongs inside the desk.");
  return value;
}
