/** Whose language is whose: what the desk decides from the languages offered. */

import type { AccountProfile, Conversation, SupportedLanguages } from "../api/models";
import { baseLanguage } from "../i18n/languages";

/** The language that a reply is translated into; null when it goes out as it is written. */
export function repliedInto(
  conversation: Pick<Conversation, "primary_lang">,
  supported: SupportedLanguages | null,
): string | null {
  const { primary_lang } = conversation;
  if (primary_lang === null || supported === null) return null;
  const base = baseLanguage(primary_lang);
  if (base === baseLanguage(supported.agent_language)) return null;
  const served = supported.languages.some(
    // What only gives the gist is never sent to a customer.
    ({ code, from_agents, from_agents_quality }) =>
      baseLanguage(code) === base && from_agents !== null && from_agents_quality !== "gist",
  );
  return served ? primary_lang : null;
}

/** The customer's language with its region, where one of the two known spellings names one. */
export function spokenBy(
  customer: Pick<AccountProfile, "preferred_lang">,
  conversation: Pick<Conversation, "primary_lang">,
): string | null {
  const { primary_lang } = conversation;
  const { preferred_lang } = customer;
  if (primary_lang === null) return preferred_lang;
  if (preferred_lang === null || primary_lang.includes("-")) return primary_lang;
  return baseLanguage(preferred_lang) === primary_lang ? preferred_lang : primary_lang;
}
