/** The texts of the pages for staff: the desk and the administration. */

import { type AdminTexts, adminEn } from "./admin.en";
import { adminPt } from "./admin.pt";
import { type DeskTexts, deskEn } from "./desk.en";
import { deskPt } from "./desk.pt";
import { baseLanguage } from "./languages";

export interface StaffTexts {
  desk: DeskTexts;
  admin: AdminTexts;
}

const CATALOGUES: Readonly<Record<string, StaffTexts>> = {
  en: { desk: deskEn, admin: adminEn },
  pt: { desk: deskPt, admin: adminPt },
};

/** The first of the languages wished for that has texts, and these; English when none has. */
export function staffTextsFor(wished: readonly (string | null)[]): { texts: StaffTexts; language: string } {
  for (const code of wished) {
    const base = code === null ? "" : baseLanguage(code);
    const texts = CATALOGUES[base];
    if (texts) return { texts, language: base };
  }
  return { texts: { desk: deskEn, admin: adminEn }, language: "en" };
}
