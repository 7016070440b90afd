import { createContext, useContext } from "react";
import type { AccountProfile } from "../api/models";
import type { StaffTexts } from "../i18n/staff";

/** What every page for staff needs. */
export interface StaffContextValue {
  token: string;
  account: AccountProfile;
  texts: StaffTexts;
  /** The language of the texts with the region that its reader prefers, such as `en-GB`: for times and numbers. */
  language: string;
  /** Says in words what went wrong; signs out when the token is no longer accepted. */
  fail: (thrown: unknown) => void;
  tell: (words: string) => void;
  /** Ends the session, saying why when nobody asked for it. */
  signOut: (notice: string | null) => void;
}

export const StaffContext = createContext<StaffContextValue | null>(null);

export function useStaff(): StaffContextValue {
  const value = useContext(StaffContext);
  if (!value) throw new Error("This part belongs inside a page for staff.");
  return value;
}
