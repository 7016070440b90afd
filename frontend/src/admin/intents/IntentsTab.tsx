import { useCallback, useEffect, useMemo, useState } from "react";
import type { IntentModel } from "../../api/models";
import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { PageLink } from "../../ui/PageLink";
import { goTo } from "../../ui/path";
import { useMedia } from "../../ui/useMedia";
import { usePolled } from "../../ui/usePolled";
import { useAdmin } from "../context";
import { SHIPPED } from "./report";
import { TrainForm } from "./TrainForm";
import { VersionList } from "./VersionList";
import { VersionView } from "./VersionView";

const WHILE_TRAINING_MS = 2_000;
const OTHERWISE_MS = 30_000;
/** From this width on the list of versions has a column of its own. */
const TWO_COLUMNS = "(min-width: 56rem)";

/** The models that read what customers want: which there are, how well each reads, and which is in use. */
export function IntentsTab({ path }: { path: readonly string[] }) {
  const { api, texts, fail, mayChange } = useAdmin();
  const twoColumns = useMedia(TWO_COLUMNS);
  const failed = useCallback(
    (thrown: unknown) => {
      if (!asProblem(thrown).passing) fail(thrown);
    },
    [fail],
  );
  const [training, setTraining] = useState(false);
  const [started, setStarted] = useState<IntentModel | null>(null);
  const pace = training ? WHILE_TRAINING_MS : OTHERWISE_MS;
  const { value, stale, refresh } = usePolled(api.intentModels, pace, failed);
  const models = useMemo(() => withStarted(value?.models ?? null, started), [value, started]);
  useEffect(() => setTraining(models?.some(({ state }) => state === "training") ?? false), [models]);

  const [asked = null] = path;
  const version = asked ?? (twoColumns ? (value?.active ?? null) : null);
  const model = models?.find((one) => one.version === version) ?? null;
  const active = models?.find((one) => one.active) ?? null;
  const listShown = twoColumns || asked === null;
  return (
    <div className={`intents ${twoColumns ? "two-columns" : ""}`}>
      {listShown && (
        <nav className="versions" aria-label={texts.versions}>
          <header className="section-head">
            <h1>{texts.versions}</h1>
          </header>
          <p className="lead">{texts.versionsLead}</p>
          {mayChange && (
            <PageLink className="button primary" to="/admin/intents/new" testId="train-new">
              <Icon name="plus" /> {texts.trainNew}
            </PageLink>
          )}
          {stale && (
            <p className="banner failing" role="alert">
              <Icon name="alert" /> {texts.notUpdated}
            </p>
          )}
          {models === null ? (
            !stale && <p className="pane-note">{texts.loading}</p>
          ) : (
            <VersionList models={models} openVersion={version} />
          )}
        </nav>
      )}
      {(twoColumns || asked !== null) && (
        <section className="version">
          {!twoColumns && (
            <PageLink className="button plain" to="/admin/intents">
              <Icon name="back" /> {texts.backToVersions}
            </PageLink>
          )}
          {asked === "new" && mayChange ? (
            <TrainForm
              shippedIntents={models?.find((one) => one.version === SHIPPED)?.intents.length ?? null}
              onStarted={(begun) => {
                setStarted(begun);
                refresh();
                goTo(`/admin/intents/${begun.version}`);
              }}
            />
          ) : model ? (
            <VersionView
              key={model.version}
              listed={model}
              active={active}
              onChanged={refresh}
              onRemoved={() => {
                setStarted(null);
                refresh();
                goTo("/admin/intents");
              }}
            />
          ) : (
            models !== null && (
              <p className="pane-note">{version === null ? texts.chooseVersion : texts.noVersion}</p>
            )
          )}
        </section>
      )}
    </div>
  );
}

/** The list with the model just begun, which a list from before does not hold yet. */
function withStarted(models: readonly IntentModel[] | null, started: IntentModel | null) {
  if (models === null || started === null) return models;
  return models.some(({ version }) => version === started.version) ? models : [started, ...models];
}
