import { describe, expect, it } from "vitest";
import type { SupportedLanguages } from "../api/models";
import { repliedInto, spokenBy } from "./translation";

type Quality = "good" | "gist";

const language = (
  code: string,
  engine: string | null,
  quality: Quality | null = engine === null ? null : "good",
): SupportedLanguages["languages"][number] => ({
  code,
  english_name: code,
  native_name: code,
  direction: "ltr",
  to_agents: engine,
  to_agents_quality: quality,
  from_agents: engine,
  from_agents_quality: quality,
});

const supported: SupportedLanguages = {
  agent_language: "en",
  detection: [],
  translation: [],
  languages: [
    language("en", null),
    language("pt", "an engine"),
    language("ar", null),
    language("gl", "an engine", "gist"),
  ],
};

const into = (primary_lang: string | null, known: SupportedLanguages | null = supported) =>
  repliedInto({ primary_lang }, known);

describe("a reply", () => {
  it("is translated into another language that an engine serves well enough", () => {
    expect([
      into("pt"),
      into("pt-BR"),
      into("en"),
      into("en-GB"),
      into("ar"),
      into("gl"),
      into(null),
    ]).toEqual(["pt", "pt-BR", null, null, null, null, null]);
  });

  it("is not said to be, before that is known", () => {
    expect(into("pt", null)).toBeNull();
  });
});

describe("a customer's language", () => {
  it("is the conversation's, with the region that the customer chose", () => {
    const spoken = (preferred_lang: string | null, primary_lang: string | null) =>
      spokenBy({ preferred_lang }, { primary_lang });
    expect([
      spoken("pt-BR", "pt"),
      spoken("pt-BR", "pt-PT"),
      spoken("de-AT", "fr"),
      spoken(null, "fr"),
      spoken("de", null),
      spoken(null, null),
    ]).toEqual(["pt-BR", "pt-PT", "fr", "fr", "de", null]);
  });
});
