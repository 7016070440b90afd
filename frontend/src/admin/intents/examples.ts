/** Labelled examples as somebody pastes or uploads them: read, and looked through before they are sent. */

import Papa from "papaparse";

/** The server's own limits, told beforehand. */
const LABEL = /^[a-z][a-z0-9_]{0,63}$/;
const LONGEST_TEXT = 2_000;
const FEWEST_OF_EACH = 5;

export type RowProblem =
  | "text_missing"
  | "label_missing"
  | "label_form"
  | "too_long"
  | "other_label"
  | "columns"
  | "quotes";

export interface Row {
  /** Where it begins in the file; the first line is 1. */
  line: number;
  text: string;
  intent: string;
  problem: RowProblem | null;
}

export interface Examples {
  /** False when the first line does not name the columns. */
  header: boolean;
  rows: Row[];
  /** By label, the most frequent first; rows with a problem are not counted. */
  intents: { intent: string; count: number }[];
  /** Rows that say the same as one before them. */
  repeated: number;
  /** Labels with fewer different texts than a training takes. */
  thin: string[];
}

/** Reads CSV with a line that names the columns text and label (or intent); comma, semicolon or tab between them. */
export function readExamples(csv: string): Examples {
  const lines = cells(csv);
  const [head, ...body] = lines;
  const columns = head ? columnsOf(head.cells) : null;
  if (!columns || !head) return { header: false, rows: [], intents: [], repeated: 0, thin: [] };
  const seen = new Map<string, string>();
  let repeated = 0;
  const rows = body.map(({ line, cells, unclosed }): Row => {
    const text = (cells[columns.text] ?? "").trim();
    const intent = (cells[columns.label] ?? "").trim();
    const before = seen.get(same(text));
    let problem = unclosed
      ? "quotes"
      : cells.length !== head.cells.length
        ? "columns"
        : formProblem(text, intent);
    if (problem === null && before !== undefined && before !== intent) problem = "other_label";
    if (problem === null && before === intent) repeated += 1;
    if (problem === null) seen.set(same(text), intent);
    return { line, text, intent, problem };
  });
  const different = counts([...seen.values()]);
  return {
    header: true,
    rows,
    intents: counts(rows.filter(({ problem }) => problem === null).map(({ intent }) => intent)),
    repeated,
    thin: different.filter(({ count }) => count < FEWEST_OF_EACH).map(({ intent }) => intent),
  };
}

/** Labels in the form that is accepted: `Track order` as `track_order`. */
export function labelled(rows: readonly Row[]): string {
  return Papa.unparse(
    { fields: ["text", "label"], data: rows.map(({ text, intent }) => [text, labelForm(intent)]) },
    { newline: "\n" },
  );
}

export function labelForm(label: string): string {
  return label
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 64);
}

export interface RowError {
  row: Row;
  message: string;
}

/** The server's errors that are about a row, beside it, and those that are about the whole. */
export function errorsOfRows(
  errors: readonly { field: string; message: string }[],
  sent: readonly Row[],
): { rows: RowError[]; others: { field: string; message: string }[] } {
  const rows: RowError[] = [];
  const others: { field: string; message: string }[] = [];
  for (const error of errors) {
    const number = /^examples\.(\d+)(\.|$)/.exec(error.field)?.[1];
    const row = number === undefined ? undefined : sent[Number(number)];
    // The server counts the examples it was sent; a reader looks for lines.
    const message = error.message.replace(/examples\.(\d+)/g, (words, other: string) => {
      const line = sent[Number(other)]?.line;
      return line === undefined ? words : `line ${line}`;
    });
    if (row) rows.push({ row, message });
    else others.push({ field: error.field, message });
  }
  return { rows, others };
}

interface Line {
  line: number;
  cells: string[];
  unclosed: boolean;
}

/** The lines that hold something, each with its cells and where it begins. */
function cells(csv: string): Line[] {
  const lines: Line[] = [];
  const text = csv.replace(/^\uFEFF/, "");
  let line = 1;
  let from = 0;
  Papa.parse<string[]>(text, {
    delimiter: delimiterOf(text),
    skipEmptyLines: false,
    step: ({ data, errors, meta }) => {
      const unclosed = errors.some(({ type }) => type === "Quotes");
      if (data.some((cell) => cell.trim() !== "")) lines.push({ line, cells: data, unclosed });
      line += text.slice(from, meta.cursor).split("\n").length - 1;
      from = meta.cursor;
    },
  });
  return lines;
}

/** What stands between the names of the columns; texts themselves hold commas and must not decide it. */
function delimiterOf(text: string): string {
  const head = text.split(/\r?\n/, 1)[0] ?? "";
  return [";", "\t"].find((delimiter) => head.includes(delimiter)) ?? ",";
}

function columnsOf(head: readonly string[]): { text: number; label: number } | null {
  const names = head.map((name) => name.trim().toLowerCase());
  const text = names.indexOf("text");
  const label = names.includes("label") ? names.indexOf("label") : names.indexOf("intent");
  return text < 0 || label < 0 ? null : { text, label };
}

function formProblem(text: string, intent: string): RowProblem | null {
  if (text === "") return "text_missing";
  if (intent === "") return "label_missing";
  if (Array.from(text).length > LONGEST_TEXT) return "too_long";
  return LABEL.test(intent) ? null : "label_form";
}

function same(text: string): string {
  return text.toLowerCase().split(/\s+/).join(" ");
}

function counts(intents: readonly string[]): { intent: string; count: number }[] {
  const found = new Map<string, number>();
  for (const intent of intents) found.set(intent, (found.get(intent) ?? 0) + 1);
  return [...found]
    .map(([intent, count]) => ({ intent, count }))
    .sort((one, other) => other.count - one.count || one.intent.localeCompare(other.intent));
}
