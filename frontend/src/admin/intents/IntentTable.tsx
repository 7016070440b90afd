import { useMemo, useState } from "react";
import type { IntentReport } from "../../api/models";
import { Icon } from "../../ui/Icon";
import { percent, plainNumber } from "../../ui/numbers";
import { useAdmin } from "../context";
import { Difference } from "./Report";
import {
  type Column,
  comparedScores,
  nextOrder,
  type Order,
  pointsBetween,
  type ScoresRow,
  sorted,
} from "./report";

interface IntentTableProps {
  report: IntentReport;
  /** The report of the version in use, to compare with. */
  other: IntentReport | null;
}

/** Every intent with its figures, the worst first until another order is chosen. */
export function IntentTable({ report, other }: IntentTableProps) {
  const { texts, language } = useAdmin();
  const [order, setOrder] = useState<Order>({ column: "f1", descending: false });
  const rows = useMemo(() => sorted(comparedScores(report, other), order), [report, other, order]);
  const columns: [Column, string][] = [
    ["intent", texts.intent],
    ["examples", texts.examples],
    ["precision", texts.precision],
    ["recall", texts.recall],
    ["f1", texts.f1],
  ];
  if (other) columns.push(["change", texts.change]);
  if (rows.length === 0) return <p className="pane-note">{texts.noIntentRows}</p>;
  return (
    <section aria-label={texts.perIntent}>
      <h2>
        {texts.perIntent} <span className="count-badge">{rows.length}</span>
      </h2>
      <div className="table-frame">
        <table className="table scores" data-testid="scores">
          <thead>
            <tr>
              {columns.map(([column, name]) => (
                <th
                  key={column}
                  scope="col"
                  className={column === "intent" ? undefined : `number ${column}`}
                  aria-sort={order.column !== column ? "none" : order.descending ? "descending" : "ascending"}
                >
                  <button
                    type="button"
                    className="plain sort"
                    onClick={() => setOrder(nextOrder(order, column))}
                  >
                    {name} <Icon name="chevron" />
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ScoresLine key={row.intent} row={row} compared={other !== null} language={language} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ScoresLine({ row, compared, language }: { row: ScoresRow; compared: boolean; language: string }) {
  return (
    <tr data-testid="intent-row">
      <th scope="row">
        <code>{row.intent}</code>
      </th>
      <td className="number examples">{plainNumber(row.examples, language)}</td>
      <td className="number precision">{percent(row.precision, language)}</td>
      <td className="number recall">{percent(row.recall, language)}</td>
      <td className="number f1">
        <Bar share={row.f1} />
        {percent(row.f1, language)}
      </td>
      {compared && (
        <td className="number change">
          <Difference bare points={row.change === null ? null : pointsBetween(row.change, 0)} />
        </td>
      )}
    </tr>
  );
}

function Bar({ share }: { share: number }) {
  const tone = share >= 0.9 ? "well" : share >= 0.7 ? "fair" : "poor";
  return (
    <svg className={`bar ${tone}`} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className="bar-ground" width="100" height="8" />
      <rect className="bar-share" width={share * 100} height="8" />
    </svg>
  );
}
