import { describe, expect, it } from "vitest";
import { catalogueFor, problemText } from "./catalogue";
import { en } from "./en";
import { browserLanguage, direction, languageName, OFFERED, writtenLanguage } from "./languages";
import { pt } from "./pt";
import { staffTextsFor } from "./staff";

describe("texts", () => {
  it("says everything in Portuguese that it says in English, and says it differently", () => {
    const same = Object.entries(en).filter(([key, text]) => {
      return typeof text === "string" && pt[key as keyof typeof pt] === text;
    });
    expect(same).toEqual([]);
  });

  it("does so on the pages for staff too, but for words that both have", () => {
    const both = new Set(["Culture", "Formal", "Informal"]);
    const { en: english, pt: portuguese } = {
      en: staffTextsFor(["en"]).texts,
      pt: staffTextsFor(["pt"]).texts,
    };
    const same = (["desk", "admin"] as const).flatMap((page) =>
      Object.entries(english[page]).filter(
        ([key, text]) =>
          typeof text === "string" &&
          !both.has(text) &&
          portuguese[page][key as keyof (typeof portuguese)[typeof page]] === text,
      ),
    );
    expect(same).toEqual([]);
  });

  it("takes the first language that staff would like and that has texts", () => {
    expect([staffTextsFor([null, "de", "pt-BR", "en"]).language, staffTextsFor(["ar"]).language]).toEqual([
      "pt",
      "en",
    ]);
  });

  it("tells a customer that a message was not stored, instead of that something went wrong", () => {
    const [english, portuguese] = [problemText(en, "no_room"), problemText(pt, "no_room")];
    expect([english, portuguese]).not.toContain(en.problems.other);
    expect(english).toContain("could not store");
    expect(portuguese).toContain("guardar");
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

  it("knows a language by all the codes that browsers have for it", () => {
    expect(
      [["nb-NO"], ["nn"], ["fil-PH"], ["iw"], ["bg-BG", "en"]].map((codes) => browserLanguage(codes)),
    ).toEqual(["no", "no", "tl", "he", "bg"]);
  });

  it("keeps the region where a language is written differently there, and nowhere else", () => {
    const [portugal, elsewhere] = [
      ["en", "pt-PT"],
      ["en-GB", "pt"],
    ] as const;

    expect([
      writtenLanguage("pt", portugal),
      writtenLanguage("pt", elsewhere),
      writtenLanguage("en", elsewhere),
      writtenLanguage("pt", ["pt-Latn-PT"]),
      writtenLanguage("zh", ["en", "zh-TW"]),
      writtenLanguage("zh", ["zh-Hant-HK"]),
      writtenLanguage("zh", ["zh-Hant"]),
      writtenLanguage("zh", ["zh"]),
    ]).toEqual(["pt-PT", "pt", "en", "pt", "zh-TW", "zh-Hant-HK", "zh-Hant", "zh"]);
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
