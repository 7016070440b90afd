import type { IntentModel } from "../../api/models";
import { Icon } from "../../ui/Icon";
import { percent, plainNumber } from "../../ui/numbers";
import { PageLink } from "../../ui/PageLink";
import { shortDay } from "../../ui/time";
import { useAdmin } from "../context";
import { nameOf, SHIPPED } from "./report";

interface VersionListProps {
  models: readonly IntentModel[];
  openVersion: string | null;
}

export function VersionList({ models, openVersion }: VersionListProps) {
  return (
    <ul className="version-list">
      {models.map((model) => (
        <li key={model.version}>
          <VersionItem model={model} open={model.version === openVersion} />
        </li>
      ))}
    </ul>
  );
}

function VersionItem({ model, open }: { model: IntentModel; open: boolean }) {
  const { texts, language } = useAdmin();
  const { version, state, report, examples, intents, created_at, created_by_name } = model;
  const about =
    version === SHIPPED
      ? texts.shippedNote
      : texts.madeBy(created_by_name ?? "", shortDay(created_at, language));
  return (
    <PageLink className="version-item" to={`/admin/intents/${version}`} current={open} testId="version">
      <span className="version-line">
        <strong dir="auto">{nameOf(model, texts)}</strong>
        <StateChip model={model} />
      </span>
      <span className="muted">
        {texts.exampleCount(plainNumber(examples, language), plainNumber(intents.length, language))}
      </span>
      <span className="version-line muted">
        <span className="version-about">{about}</span>
        {state === "ready" && report && (
          <span className="figure">{texts.rightOf(percent(report.accuracy, language, 1))}</span>
        )}
      </span>
    </PageLink>
  );
}

export function StateChip({ model: { state, active } }: { model: Pick<IntentModel, "state" | "active"> }) {
  const { texts } = useAdmin();
  if (active) {
    return (
      <span className="chip positive" data-testid="state" data-state="active">
        <Icon name="check" /> {texts.inUse}
      </span>
    );
  }
  const tone = { training: "pending", ready: "", failed: "negative" }[state];
  return (
    <span className={`chip ${tone}`} data-testid="state" data-state={state}>
      {texts[state]}
    </span>
  );
}
