import { describe, expect, it } from "vitest";
import { foundLanguages, translatedBothWays } from "./pairs";

const a = (code: string, name: string, native_name: string, engine: string | null = null) => ({
  code,
  name,
  english_name: name,
  native_name,
  to_agents: engine,
  from_agents: engine,
});

const LANGUAGES = [
  a("pt", "Portuguese", "Português", "an engine"),
  a("es", "Spanish", "Español"),
  a("pl", "Polish", "Polski"),
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
    expect([found("", true), translatedBothWays(LANGUAGES)]).toEqual([["pt"], 1]);
  });
});
