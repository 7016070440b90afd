import { useEffect, useState } from "react";
import type { IntentModel } from "../../api/models";
import { Icon } from "../../ui/Icon";
import { plainNumber } from "../../ui/numbers";
import { fullTime, timeSince, useNow } from "../../ui/time";
import { useAdmin } from "../context";
import { Report } from "./Report";
import { nameOf, SHIPPED } from "./report";
import { VersionActions } from "./VersionActions";
import { StateChip } from "./VersionList";

interface VersionViewProps {
  /** As the list has it: without the examples of its report. */
  listed: IntentModel;
  /** The one in use, if it is known. */
  active: IntentModel | null;
  onChanged: () => void;
  onRemoved: () => void;
}

/** One version: what it was made from, how well it reads, and what may be done with it. */
export function VersionView({ listed, active, onChanged, onRemoved }: VersionViewProps) {
  const { texts, language } = useAdmin();
  const model = useWhole(listed);
  const { version, state, created_at, created_by_name, examples, intents, activated_at, report } = model;
  const compared = active !== null && active.version !== version ? active : null;
  return (
    <article data-testid="version-view" data-state={state} data-active={listed.active}>
      <header className="section-head">
        <h1 dir="auto">{nameOf(model, texts)}</h1>
        <StateChip model={listed} />
      </header>
      <p className="lead whole-line">
        {version === SHIPPED
          ? texts.shippedNote
          : texts.madeBy(created_by_name ?? "", fullTime(created_at, language))}
        {" · "}
        {texts.exampleCount(plainNumber(examples, language), plainNumber(intents.length, language))}
        {listed.active && activated_at && ` · ${texts.usedSince(fullTime(activated_at, language))}`}
      </p>
      <VersionActions model={listed} onChanged={onChanged} onRemoved={onRemoved} />
      {state === "training" && <Progress since={created_at} />}
      {state === "failed" && (
        <p className="banner failing" role="alert">
          <Icon name="alert" />
          <span>
            <strong>{texts.trainingFailed}</strong>
            {model.problem && <span dir="auto">: {model.problem}</span>}
          </span>
        </p>
      )}
      {state === "ready" && report && <Report report={report} compared={compared} />}
      {state === "ready" && !report && (
        <>
          <p className="pane-note">{texts.noReport}</p>
          <IntentCounts model={model} />
        </>
      )}
    </article>
  );
}

/** The version with the whole of its report, read again whenever the list shows that it changed. */
function useWhole(listed: IntentModel): IntentModel {
  const { api, fail } = useAdmin();
  const [whole, setWhole] = useState<IntentModel | null>(null);
  const { version, state } = listed;
  useEffect(() => {
    if (state !== "ready") return;
    const stop = new AbortController();
    api.intentModel(version, stop.signal).then(
      (model) => {
        if (!stop.signal.aborted) setWhole(model);
      },
      (thrown) => {
        if (!stop.signal.aborted) fail(thrown);
      },
    );
    return () => stop.abort();
  }, [api, fail, version, state]);
  return whole ? { ...listed, report: whole.report } : listed;
}

function Progress({ since }: { since: string }) {
  const { texts, language } = useAdmin();
  const now = useNow(1_000);
  return (
    <div className="training" role="status" data-testid="training">
      <progress aria-label={texts.training} />
      <p>{texts.trainingSince(elapsedWords(since, now, language))}</p>
    </div>
  );
}

/** Seconds in the first minute, minutes after it. */
function elapsedWords(since: string, now: number, language: string): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1_000));
  if (seconds >= 60) return timeSince(since, now, language);
  const style = { style: "unit", unit: "second", unitDisplay: "short" } as const;
  return new Intl.NumberFormat(language, style).format(seconds);
}

function IntentCounts({ model }: { model: IntentModel }) {
  const { texts, language } = useAdmin();
  return (
    <section aria-label={texts.perIntent}>
      <h2>{texts.perIntent}</h2>
      <ul className="intent-counts">
        {model.intents.map(({ intent, examples }) => (
          <li key={intent}>
            <code>{intent}</code> <span className="figure muted">{plainNumber(examples, language)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
