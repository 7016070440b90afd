/** Languages: which are offered, what they are called, which way they run. */

export const OFFERED = [
  "en",
  "pt",
  "es",
  "fr",
  "de",
  "it",
  "nl",
  "pl",
  "sv",
  "da",
  "nb",
  "fi",
  "cs",
  "ro",
  "hu",
  "el",
  "tr",
  "ru",
  "uk",
  "ar",
  "he",
  "fa",
  "ur",
  "hi",
  "bn",
  "id",
  "vi",
  "th",
  "zh",
  "ja",
  "ko",
] as const;

const RIGHT_TO_LEFT = new Set(["ar", "he", "fa", "ur", "ps", "sd", "yi", "dv", "ku"]);

export function baseLanguage(code: string): string {
  return code.split("-")[0]?.toLowerCase() ?? code;
}

export function direction(code: string | null): "ltr" | "rtl" {
  return code !== null && RIGHT_TO_LEFT.has(baseLanguage(code)) ? "rtl" : "ltr";
}

/** The language's name in `inLanguage`; by default in itself, capitalised. */
export function languageName(code: string, inLanguage: string = code): string {
  try {
    const name = new Intl.DisplayNames([inLanguage], { type: "language" }).of(code) ?? code;
    return name.charAt(0).toLocaleUpperCase(inLanguage) + name.slice(1);
  } catch {
    return code;
  }
}

/** The name of a language within a Portuguese sentence, where it begins with a small letter. */
export function inSentence(name: string): string {
  return name.charAt(0).toLocaleLowerCase("pt") + name.slice(1);
}

/** A language as the browser's user has it, such as en-GB for en: for the form of times and numbers. */
export function regional(language: string, preferred: readonly string[] = navigator.languages): string {
  return preferred.find((code) => baseLanguage(code) === language && code.includes("-")) ?? language;
}

/** Languages that customers write, and are written to, in clearly different ways by region. */
const WRITTEN_BY_REGION: readonly string[] = ["pt"];

/** The language in which a customer is to be written to: with the region of the browser where it matters. */
export function writtenLanguage(chosen: string, preferred: readonly string[] = navigator.languages): string {
  const found = WRITTEN_BY_REGION.includes(chosen) ? regional(chosen, preferred) : chosen;
  return /^[a-z]{2}-[A-Z]{2}$/.test(found) ? found : chosen;
}

/** The first of the browser's languages that is offered, else English. */
export function browserLanguage(preferred: readonly string[] = navigator.languages): string {
  const offered: readonly string[] = OFFERED;
  return preferred.map(baseLanguage).find((code) => offered.includes(code)) ?? "en";
}
