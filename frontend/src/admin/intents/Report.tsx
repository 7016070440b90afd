import type { IntentModel, IntentReport } from "../../api/models";
import { Icon } from "../../ui/Icon";
import { percent, plainNumber } from "../../ui/numbers";
import { useAdmin } from "../context";
import { IntentTable } from "./IntentTable";
import { Confusions, ToLookAt } from "./ReportExamples";
import { nameOf, pointsBetween } from "./report";

interface ReportProps {
  report: IntentReport;
  /** The version in use, when this is another one. */
  compared: IntentModel | null;
}

/** How well a version reads: at a glance, intent by intent, and with the examples that explain it. */
export function Report({ report, compared }: ReportProps) {
  const { texts, language } = useAdmin();
  const other = compared?.report ?? null;
  const { accuracy, macro_f1, answered, out_of_scope_recall, multilingual } = report;
  return (
    <div className="report" data-testid="report">
      <dl className="figures">
        <Figure name={texts.accuracy} note={texts.accuracyNote} value={accuracy} before={other?.accuracy} />
        <Figure name={texts.macroF1} note={texts.macroF1Note} value={macro_f1} before={other?.macro_f1} />
        <Figure name={texts.answered} note={texts.answeredNote} value={answered} before={other?.answered} />
        <Figure
          name={texts.outOfScope}
          note={texts.outOfScopeNote}
          value={out_of_scope_recall}
          before={other?.out_of_scope_recall}
        />
        <Figure
          name={texts.untranslated}
          note={texts.untranslatedNote}
          value={multilingual?.accuracy ?? null}
          before={other?.multilingual?.accuracy}
        />
      </dl>
      <p className="lead">
        {texts.foldNote(report.folds)} {texts.trainedIn(plainNumber(report.trained_in_seconds, language, 1))}.
        {other && compared && ` ${texts.compared(nameOf(compared, texts))}`}
      </p>
      {out_of_scope_recall === null && (
        <p className="banner shaky" data-testid="no-scope">
          <Icon name="alert" /> {texts.noScope}
        </p>
      )}
      <IntentTable report={report} other={other} />
      <Confusions report={report} />
      <ToLookAt report={report} />
    </div>
  );
}

interface FigureProps {
  name: string;
  note: string;
  value: number | null;
  before: number | null | undefined;
}

function Figure({ name, note, value, before }: FigureProps) {
  const { texts, language } = useAdmin();
  return (
    <div className="figure-card">
      <dt>{name}</dt>
      <dd>
        {value === null ? (
          <span className="muted not-measured">{texts.notMeasured}</span>
        ) : (
          <strong>{percent(value, language, 1)}</strong>
        )}
        <Difference points={pointsBetween(value, before)} />
        <span className="muted figure-note">{note}</span>
      </dd>
    </div>
  );
}

/** By how many percentage points something changed, in sign, word and colour. */
export function Difference({ points, bare = false }: { points: number | null; bare?: boolean }) {
  const { texts, language } = useAdmin();
  if (points === null) return null;
  if (points === 0) return <span className="difference muted">{texts.same}</span>;
  const style = { signDisplay: "always", maximumFractionDigits: 1 } as const;
  const figure = new Intl.NumberFormat(language, style).format(points).replace("-", "−");
  return (
    <span className={`difference ${points > 0 ? "up" : "down"}`}>
      {bare ? figure : texts.points(figure)}
      <span className="visually-hidden">, {points > 0 ? texts.better : texts.worse}</span>
    </span>
  );
}
