import { useState } from "react";
import type { IntentReport } from "../../api/models";
import { percent } from "../../ui/numbers";
import { useAdmin } from "../context";

/** So many are shown until somebody asks for all. */
const FIRST = 12;

/** Which intents are taken for which, with texts that show why. */
export function Confusions({ report: { confusions } }: { report: IntentReport }) {
  const { texts } = useAdmin();
  const [shown, more] = useFirst(confusions);
  return (
    <section aria-label={texts.confusions}>
      <h2>{texts.confusions}</h2>
      <p className="lead">{confusions.length === 0 ? texts.confusionsNone : texts.confusionsLead}</p>
      <ul className="confusions">
        {shown.map(({ intent, mistaken_for, count, examples }) => (
          <li key={`${intent}/${mistaken_for}`} data-testid="confusion">
            <p className="confusion-head">
              <span className="visually-hidden">{texts.takenFor(intent, mistaken_for)}, </span>
              <span aria-hidden="true">
                <code>{intent}</code> → <code>{mistaken_for}</code>
              </span>
              <span className="count-badge">{texts.times(count)}</span>
            </p>
            <ul>
              {examples.map((text) => (
                <li key={text} dir="auto">
                  {text}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {more}
    </section>
  );
}

/** Examples that may be labelled wrongly, or say too little. */
export function ToLookAt({ report: { to_look_at } }: { report: IntentReport }) {
  const { texts, language } = useAdmin();
  const [shown, more] = useFirst(to_look_at);
  return (
    <section aria-label={texts.toLookAt}>
      <h2>
        {texts.toLookAt} {to_look_at.length > 0 && <span className="count-badge">{to_look_at.length}</span>}
      </h2>
      <p className="lead">{to_look_at.length === 0 ? texts.toLookAtNone : texts.toLookAtLead}</p>
      <ul className="to-look-at">
        {shown.map(({ text, intent, predicted, confidence, why, similar_text }) => (
          <li key={`${intent}/${text}`} data-testid="to-look-at">
            <p dir="auto">{text}</p>
            {similar_text && (
              <p className="muted similar" dir="auto">
                ≈ {similar_text}
              </p>
            )}
            <p className="chips">
              <span className={`chip ${why === "unsure" ? "" : "high"}`}>{texts.why[why]}</span>
              <span className="muted">
                {texts.labelled} <code>{intent}</code>
              </span>
              <span className="muted">
                {texts.readAs} <code>{predicted}</code> {percent(confidence, language)}
              </span>
            </p>
          </li>
        ))}
      </ul>
      {more}
    </section>
  );
}

/** The first of a list, and a button for the rest, if there is one. */
function useFirst<T>(all: readonly T[]) {
  const { texts } = useAdmin();
  const [whole, setWhole] = useState(false);
  const more =
    whole || all.length <= FIRST ? null : (
      <button type="button" className="small" onClick={() => setWhole(true)}>
        {texts.showAll(all.length)}
      </button>
    );
  return [whole ? all : all.slice(0, FIRST), more] as const;
}
