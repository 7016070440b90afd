import { type Catalogue, en } from "./en";
import { baseLanguage } from "./languages";
import { pt } from "./pt";

const CATALOGUES: Readonly<Record<string, Catalogue>> = { en, pt };

/** The texts in a language, and the language they are really in (English where there is no catalogue). */
export function catalogueFor(language: string): { texts: Catalogue; language: string } {
  const base = baseLanguage(language);
  const texts = CATALOGUES[base];
  return texts ? { texts, language: base } : { texts: en, language: "en" };
}

/** A problem's code in words for a customer. */
export function problemText(texts: Catalogue, code: string | null): string {
  const known: Readonly<Record<string, string>> = texts.problems;
  return (code === null ? undefined : known[code]) ?? texts.problems.other;
}
