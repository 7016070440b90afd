import type { Diagnosis as DiagnosisResult } from "../api/models";
import { Icon } from "../ui/Icon";
import { useDesk } from "./context";

/** What code or a log in a message tells, with the lines that it rests on. */
export function Diagnosis({ diagnosis }: { diagnosis: DiagnosisResult }) {
  const { texts } = useDesk();
  const { material, programming_language, summary, likely_cause, steps, quotes } = diagnosis;
  const kind = [texts.material[material], programming_language].filter(Boolean).join(" · ");
  return (
    <section className="diagnosis" aria-label={texts.diagnosis} data-testid="diagnosis">
      <p className="diagnosis-head">
        <Icon name="bug" />
        <strong>{texts.diagnosis}</strong>
        <span className="muted">{kind}</span>
      </p>
      <p dir="auto">{summary}</p>
      <dl>
        {likely_cause && (
          <div>
            <dt>{texts.likelyCause}</dt>
            <dd dir="auto">{likely_cause}</dd>
          </div>
        )}
        {steps.length > 0 && (
          <div>
            <dt>{texts.whatToDo}</dt>
            <dd>
              <ol>
                {steps.map((step) => (
                  <li key={step} dir="auto">
                    {step}
                  </li>
                ))}
              </ol>
            </dd>
          </div>
        )}
      </dl>
      {quotes.length > 0 && (
        <figure>
          <figcaption>{texts.restsOn}</figcaption>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled to with the keyboard too */}
          <pre dir="ltr" tabIndex={0}>
            <code>{quotes.join("\n")}</code>
          </pre>
        </figure>
      )}
    </section>
  );
}
