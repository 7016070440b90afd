/** Languages: which are offered, what they are called, which way they run. */

/** Those that the service tells apart; the most widely spoken among customers first. */
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
  "no",
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
  "af",
  "am",
  "bg",
  "ca",
  "cy",
  "et",
  "eu",
  "ga",
  "gl",
  "gu",
  "hr",
  "hy",
  "is",
  "ka",
  "kk",
  "km",
  "kn",
  "lo",
  "lt",
  "lv",
  "mk",
  "ml",
  "mr",
  "ms",
  "my",
  "ne",
  "pa",
  "si",
  "sk",
  "sl",
  "sq",
  "sr",
  "sw",
  "ta",
  "te",
  "tl",
] as const;

const RIGHT_TO_LEFT = new Set(["ar", "he", "fa", "ur", "ps", "sd", "yi", "dv", "ku"]);

/** Codes by which browsers name a language, with the one by which the service does. */
const SAME_LANGUAGE: Readonly<Record<string, string>> = { nb: "no", nn: "no", fil: "tl", iw: "he", in: "id" };

export function baseLanguage(code: string): string {
  const base = code.split("-")[0]?.toLowerCase() ?? code;
  return SAME_LANGUAGE[base] ?? base;
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
const WRITTEN_BY_REGION: readonly string[] = ["pt", "zh"];

/** The language in which a customer is to be written to: with the region of the browser where it matters. */
export function writtenLanguage(chosen: string, preferred: readonly string[] = navigator.languages): string {
  const found = WRITTEN_BY_REGION.includes(chosen) ? regional(chosen, preferred) : chosen;
  return /^(pt|zh-Han[st]|zh)-[A-Z]{2}$|^zh-Han[st]$/.test(found) ? found : chosen;
}

/** The first of the browser's languages that is offered, else English. */
export function browserLanguage(preferred: readonly string[] = navigator.languages): string {
  const offered: readonly string[] = OFFERED;
  return preferred.map(baseLanguage).find((code) => offered.includes(code)) ?? "en";
}
