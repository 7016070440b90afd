import { createContext, useContext } from "react";
import type { DeskApi } from "../api/client";
import type { SupportedLanguages } from "../api/models";
import type { DeskTexts } from "../i18n/desk.en";
import type { LiveConnection } from "../live/connection";
import type { StaffContextValue } from "../staff/context";

/** What every part of the desk needs. */
export interface DeskContextValue extends Pick<StaffContextValue, "account" | "language" | "fail" | "tell"> {
  api: DeskApi;
  live: LiveConnection;
  texts: DeskTexts;
  /** Which languages are offered and translated; null until it is known. */
  supported: SupportedLanguages | null;
}

export const DeskContext = createContext<DeskContextValue | null>(null);

export function useDesk(): DeskContextValue {
  const value = useContext(DeskContext);
  if (!value) throw new Error("This part belongs inside the desk.");
  return value;
}
