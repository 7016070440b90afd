/** A report's figures: sorted, and compared with those of the model in use. */

import type { IntentModel, IntentReport } from "../../api/models";
import type { AdminTexts } from "../../i18n/admin.en";

/** The version that comes with the product. */
export const SHIPPED = "shipped";

/** What a version is called. */
export function nameOf({ version, name }: Pick<IntentModel, "version" | "name">, texts: AdminTexts): string {
  return version === SHIPPED ? texts.shipped : name;
}

export type Scores = IntentReport["per_intent"][number];
export type Column = keyof Scores | "change";
export interface Order {
  column: Column;
  descending: boolean;
}

export interface ScoresRow extends Scores {
  /** How much better its F1 is than the compared model's, from -1 to 1; null when that knows no such intent. */
  change: number | null;
}

/** The intents with their change against another report. */
export function comparedScores(report: IntentReport, other: IntentReport | null): ScoresRow[] {
  const before = new Map(other?.per_intent.map(({ intent, f1 }) => [intent, f1]));
  return report.per_intent.map((scores) => {
    const f1 = before.get(scores.intent);
    return { ...scores, change: f1 === undefined ? null : scores.f1 - f1 };
  });
}

/** In the order of a column; rows that have nothing there stand last either way, equal ones by their names. */
export function sorted(rows: readonly ScoresRow[], { column, descending }: Order): ScoresRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [one[column], other[column]];
    if (a === null || b === null) {
      return Number(a === null) - Number(b === null) || one.intent.localeCompare(other.intent);
    }
    const order = typeof a === "string" ? a.localeCompare(String(b)) : a - Number(b);
    return sign * order || one.intent.localeCompare(other.intent);
  });
}

/** The next order after a click on a column: figures first from the lowest, then the other way round. */
export function nextOrder(order: Order, column: Column): Order {
  return { column, descending: order.column === column && !order.descending };
}

/** A difference of two shares in percentage points, rounded to one decimal; null when one was not measured. */
export function pointsBetween(now: number | null, before: number | null | undefined): number | null {
  if (now === null || before === null || before === undefined) return null;
  const points = Math.round((now - before) * 1_000) / 10;
  return points === 0 ? 0 : points;
}
