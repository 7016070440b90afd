import { describe, expect, it } from "vitest";
import { foundLanguages, namedPairs, translatedBothWays } from "./pairs";

const a = (code: string, name: string, native_name: string, quality: "good" | "gist" | null = null) => ({
  code,
  name,
  english_name: name,
  native_name,
  to_agents: quality === null ? null : "an engine",
  to_agents_quality: quality,
  from_agents: quality === null ? null : "an engine",
  from_agents_quality: quality,
});

const LANGUAGES = [
  a("pt", "Portuguese", "Português", "good"),
  a("es", "Spanish", "Español"),
  a("pl", "Polish", "Polski", "gist"),
];
const found = (asked: string, only = false) =>
  foundLanguages(LANGUAGES, asked, only, "en").map(({ code }) => code);

describe("languages", () => {
  it("are found by any of their names without accents, and by their code", () => {
    expect([found("espanol"), found("POL"), found("pt"), found("klingon")]).toEqual([
      ["es"],
      ["pl"],
      ["pt"],
      [],
    ]);
  });

  it("stand by their names", () => {
    expect(found("")).toEqual(["pl", "pt", "es"]);
  });

  it("may be only those that are translated", () => {
    expect(found("", true)).toEqual(["pl", "pt"]);
  });

  it("are named in pairs, both ways as one where they are alike", () => {
    const pair = (source: string, target: string, quality: "good" | "gist") => ({ source, target, quality });
    const pairs = [
      pair("pt", "es", "good"),
      pair("es", "pt", "good"),
      pair("es", "pl", "gist"),
      pair("pl", "es", "good"),
    ];
    const name = (code: string) => LANGUAGES.find((one) => one.code === code)?.name ?? code;
    expect(namedPairs(pairs, name)).toEqual([
      { name: "Polish → Spanish", rough: false },
      { name: "Portuguese ⇄ Spanish", rough: false },
      { name: "Spanish → Polish", rough: true },
    ]);
  });

  it("are counted by how well they are translated both ways", () => {
    expect(translatedBothWays(LANGUAGES)).toEqual({ well: 1, roughly: 1 });
  });
});
