import { plainNumber } from "../../ui/numbers";
import { useAdmin } from "../context";
import type { Examples, Row, RowError } from "./examples";

interface PreviewProps {
  examples: Examples;
  /** What the server found wrong. */
  rowErrors: readonly RowError[];
  /** Whether examples come besides, so that few of an intent may be enough. */
  withDefaults: boolean;
  onFixLabels: () => void;
}

const ROWS_SHOWN = 6;
const PROBLEMS_SHOWN = 20;
const INTENTS_SHOWN = 40;

/** What the examples look like once they are read, with every mistake at its line. */
export function Preview({ examples, rowErrors, withDefaults, onFixLabels }: PreviewProps) {
  const { texts, language } = useAdmin();
  const { header, rows, intents, repeated, thin } = examples;
  const wrong = rows.filter(({ problem }) => problem !== null);
  const good = rows.length - wrong.length;
  const count = (value: number) => plainNumber(value, language);
  const mistakes: { row: Row; words: string }[] = [
    ...rowErrors.map(({ row, message }) => ({ row, words: message })),
    ...wrong.map((row) => ({ row, words: row.problem ? texts.rowProblem[row.problem] : "" })),
  ];
  if (!header) return <p className="banner failing">{texts.noHeader}</p>;
  return (
    <section className="preview" aria-label={texts.preview} data-testid="preview">
      <h2>{texts.preview}</h2>
      <p role="status">
        <strong data-testid="rows-good">{texts.rowsGood(count(good), count(intents.length))}</strong>
        {repeated > 0 && <span className="muted"> · {texts.rowsTwice(repeated)}</span>}
        {wrong.length > 0 && <span className="error"> · {texts.rowsBad(wrong.length)}</span>}
      </p>
      {mistakes.length > 0 && (
        <RowTable
          rows={mistakes.slice(0, PROBLEMS_SHOWN)}
          more={mistakes.length - PROBLEMS_SHOWN}
          testId="mistakes"
        />
      )}
      {wrong.some(({ problem }) => problem === "label_form") && (
        <button type="button" className="small" data-testid="fix-labels" onClick={onFixLabels}>
          {texts.fixLabels}
        </button>
      )}
      {!withDefaults && thin.length > 0 && <p className="banner shaky">{texts.thin(thin.join(", "))}</p>}
      <p className="chips">
        {intents.slice(0, INTENTS_SHOWN).map(({ intent, count: examplesOf }) => (
          <span key={intent} className="chip">
            <code>{intent}</code> {count(examplesOf)}
          </span>
        ))}
        {intents.length > INTENTS_SHOWN && (
          <span className="muted">{texts.more(intents.length - INTENTS_SHOWN)}</span>
        )}
      </p>
      {mistakes.length === 0 && good > 0 && (
        <RowTable
          rows={rows.slice(0, ROWS_SHOWN).map((row) => ({ row, words: null }))}
          more={rows.length - ROWS_SHOWN}
          testId="first-rows"
        />
      )}
    </section>
  );
}

interface RowTableProps {
  rows: readonly { row: Row; words: string | null }[];
  /** How many are not shown. */
  more: number;
  testId: string;
}

function RowTable({ rows, more, testId }: RowTableProps) {
  const { texts } = useAdmin();
  const withWords = rows.some(({ words }) => words !== null);
  return (
    <div className="table-frame">
      <table className="table rows" data-testid={testId}>
        <thead>
          <tr>
            <th scope="col" className="number">
              {texts.line}
            </th>
            <th scope="col">{texts.text}</th>
            <th scope="col">{texts.label}</th>
            {withWords && <th scope="col">{texts.problem}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, words }) => (
            <tr key={`${row.line}/${words}`} data-testid="row">
              <td className="number">{row.line}</td>
              <td className="row-text" dir="auto">
                {row.text || "–"}
              </td>
              <td>
                <code>{row.intent || "–"}</code>
              </td>
              {withWords && <td className="error">{words}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="pane-note">{texts.more(more)}</p>}
    </div>
  );
}
