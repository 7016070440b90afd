import { describe, expect, it } from "vitest";
import { catalogueFor, problemText } from "./catalogue";
import { en } from "./en";
import { browserLanguage, direction, languageName, OFFERED } from "./languages";
import { pt } from "./pt";

describe("texts", () => {
  it("says everything in Portuguese that it says in English, and says it differently", () => {
    const same = Object.entries(en).filter(([key, text]) => {
      return typeof text === "string" && pt[key as keyof typeof pt] === text;
    });
    expect(same).toEqual([]);
  });

  it("falls back to English and says so", () => {
    expect([catalogueFor("pt-BR").language, catalogueFor("ar").language]).toEqual(["pt", "en"]);
  });

  it("has words for every problem, known or not", () => {
    expect([problemText(en, "too_large"), problemText(en, "surprise"), problemText(en, null)]).toEqual([
      en.problems.too_large,
      en.problems.other,
      en.problems.other,
    ]);
  });
});

describe("languages", () => {
  it("takes the first of the browser's that is offered", () => {
    expect([browserLanguage(["pt-BR", "en"]), browserLanguage(["xx", "de-AT"]), browserLanguage([])]).toEqual(
      ["pt", "de", "en"],
    );
  });

  it("knows which run from right to left", () => {
    expect([direction("ar"), direction("he-IL"), direction("pt"), direction(null)]).toEqual([
      "rtl",
      "rtl",
      "ltr",
      "ltr",
    ]);
  });

  it("names every language offered", () => {
    expect(OFFERED.filter((code) => languageName(code) === code)).toEqual([]);
  });
});
