import { describe, expect, it } from "vitest";
import { closed, continued, greeted } from "./insertions";

const GREETINGS = ["Bom dia", "Olá"];
const CLOSINGS = ["Atenciosamente", "Um abraço"];

describe("a greeting", () => {
  it("becomes the first line, and what was written stays beneath it", () => {
    expect(greeted("Your order is on its way.", "Olá", GREETINGS)).toBe("Olá\nYour order is on its way.");
  });

  it("takes the place of another, with or without a comma", () => {
    expect(greeted("Bom dia,\nYour order.", "Olá", GREETINGS)).toBe("Olá\nYour order.");
  });

  it("takes the place of nothing that only begins like one", () => {
    expect(greeted("Bom dia to you", "Olá", GREETINGS)).toBe("Olá\nBom dia to you");
  });
});

describe("a closing", () => {
  it("becomes the last line, and takes the place of another", () => {
    const once = closed("Your order is on its way. ", "Um abraço", CLOSINGS);
    expect([once, closed(once, "Atenciosamente", CLOSINGS)]).toEqual([
      "Your order is on its way.\nUm abraço",
      "Your order is on its way.\nAtenciosamente",
    ]);
  });

  it("stands alone in an empty reply", () => {
    expect([closed("", "Um abraço", CLOSINGS), closed("Um abraço", "Atenciosamente", CLOSINGS)]).toEqual([
      "Um abraço",
      "Atenciosamente",
    ]);
  });
});

describe("a question", () => {
  it("comes after what is written, once", () => {
    const once = continued("Hello", "Which order?");
    expect([once, continued(once, "Which order?"), continued(" ", "Which order?")]).toEqual([
      "Hello\nWhich order?",
      "Hello\nWhich order?",
      "Which order?",
    ]);
  });
});
