import { describe, expect, it } from "vitest";
import { errorsOfRows, labelForm, labelled, readExamples } from "./examples";

const problems = (csv: string) => readExamples(csv).rows.map(({ line, problem }) => [line, problem]);

describe("examples", () => {
  it("are read with their labels, whatever stands between the columns and in whichever order", () => {
    for (const csv of [
      "text,label\nHi,greeting\n",
      "label;text\r\ngreeting;Hi\r\n",
      "text\tintent\nHi\tgreeting",
    ]) {
      const { header, rows, intents } = readExamples(csv);
      expect([header, rows.map(({ text, intent }) => [text, intent]), intents]).toEqual([
        true,
        [["Hi", "greeting"]],
        [{ intent: "greeting", count: 1 }],
      ]);
    }
  });

  it("without a line that names the columns are not guessed at", () => {
    expect([readExamples("Hi,greeting"), readExamples("")].map(({ header }) => header)).toEqual([
      false,
      false,
    ]);
  });

  it("keep the number of their line, with empty lines and line ends in quotes between them", () => {
    expect(problems('text,label\n"two\nlines",a\n\n,b\n')).toEqual([
      [2, null],
      [5, "text_missing"],
    ]);
  });

  it("say what is wrong with a row", () => {
    const csv = `text,label\nHi,\nHi,Greeting\nWell, hello,greeting\n${"x".repeat(2001)},greeting\n"Hi,greeting`;
    expect(problems(csv)).toEqual([
      [2, "label_missing"],
      [3, "label_form"],
      [4, "columns"],
      [5, "too_long"],
      [6, "quotes"],
    ]);
  });

  it("are told apart from repetitions and from texts under two labels", () => {
    const { rows, repeated } = readExamples("text,label\nHi there,a\nhi  There,a\nHi there,b\n");
    expect([rows.map(({ problem }) => problem), repeated]).toEqual([[null, null, "other_label"], 1]);
  });

  it("of which there are too few different ones are named", () => {
    const five = ["1", "2", "3", "4", "5"].map((text) => `${text},enough`);
    expect(readExamples(["text,label", ...five, "6,few", "6,few"].join("\n")).thin).toEqual(["few"]);
  });

  it("can have their labels brought into form", () => {
    const { rows } = readExamples('text,label\n"Well, hello",Saudação inicial\n');
    expect([labelled(rows), labelForm("2. Track order!")]).toEqual([
      'text,label\n"Well, hello",saudacao_inicial',
      "track_order",
    ]);
  });
});

describe("the server's errors", () => {
  it("stand at their rows, with lines instead of numbers, and the others apart", () => {
    const { rows } = readExamples("text,label\nHi,a\n\nHi,b\n");
    const { rows: atRows, others } = errorsOfRows(
      [
        { field: "examples.1.text", message: "is an example of b here and of a in examples.0" },
        { field: "examples", message: "must be of 2 to 200 intents" },
      ],
      rows,
    );
    expect([atRows.map(({ row, message }) => [row.line, message]), others.map(({ field }) => field)]).toEqual(
      [[[4, "is an example of b here and of a in line 2"]], ["examples"]],
    );
  });
});
