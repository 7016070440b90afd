import { createContext, useContext } from "react";
import type { AdminApi } from "../api/admin";
import type { AdminTexts } from "../i18n/admin.en";
import type { StaffContextValue } from "../staff/context";

/** What every part of the administration needs. */
export interface AdminContextValue extends Pick<StaffContextValue, "account" | "language" | "fail" | "tell"> {
  api: AdminApi;
  texts: AdminTexts;
  /** False for those who may only look. */
  mayChange: boolean;
}

export const AdminContext = createContext<AdminContextValue | null>(null);

export function useAdmin(): AdminContextValue {
  const value = useContext(AdminContext);
  if (!value) throw new Error("This part belongs inside the administration.");
  return value;
}
