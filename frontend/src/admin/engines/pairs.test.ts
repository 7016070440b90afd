import { describe, expect, it } from "vitest";
import { foundLanguages, translatedBothWays } from "./pairs";

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

  it("are counted by how well they are translated both ways", () => {
    expect(translatedBothWays(LANGUAGES)).toEqual({ well: 1, roughly: 1 });
  });
});
