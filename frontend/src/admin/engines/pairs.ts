/** The list of languages: what is found in it, and how many are translated. */

import type { SupportedLanguages, TranslatedPair } from "../../api/models";

export interface NamedLanguage {
  code: string;
  /** In the reader's language. */
  name: string;
  english_name: string;
  native_name: string;
  to_agents: string | null;
  from_agents: string | null;
}

/** Those whose name, in whichever language, holds what is asked, or whose code begins with it; by name. */
export function foundLanguages<L extends NamedLanguage>(
  languages: readonly L[],
  asked: string,
  onlyTranslated: boolean,
  inLanguage: string,
): L[] {
  const wanted = plain(asked.trim());
  const matches = ({ code, name, english_name, native_name }: L) =>
    plain(code).startsWith(wanted) ||
    [name, english_name, native_name].some((one) => plain(one).includes(wanted));
  return languages
    .filter((one) => !onlyTranslated || one.to_agents !== null || one.from_agents !== null)
    .filter(matches)
    .sort((one, other) => one.name.localeCompare(other.name, inLanguage));
}

type Language = SupportedLanguages["languages"][number];
type Engines = Pick<Language, "to_agents" | "to_agents_quality" | "from_agents" | "from_agents_quality">;

/** How many are translated both ways: well, and with at least one way that only gives the gist. */
export function translatedBothWays(languages: readonly Engines[]): { well: number; roughly: number } {
  const both = languages.filter(({ to_agents, from_agents }) => to_agents !== null && from_agents !== null);
  const roughly = both.filter(
    ({ to_agents_quality, from_agents_quality }) =>
      to_agents_quality === "gist" || from_agents_quality === "gist",
  ).length;
  return { well: both.length - roughly, roughly };
}

/** The pairs by name, both ways as one, each with whether it is only rough; by the names. */
export function namedPairs(
  pairs: readonly TranslatedPair[],
  nameOf: (code: string) => string,
): { name: string; rough: boolean }[] {
  const written = pairs.flatMap(({ source, target, quality }) => {
    const back = pairs.find((one) => one.source === target && one.target === source);
    const bothWays = back !== undefined && back.quality === quality;
    if (bothWays && nameOf(target) < nameOf(source)) return [];
    const name = `${nameOf(source)} ${bothWays ? "⇄" : "→"} ${nameOf(target)}`;
    return [{ name, rough: quality === "gist" }];
  });
  return written.sort((one, other) => one.name.localeCompare(other.name));
}

/** Without accents and capitals. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
}
