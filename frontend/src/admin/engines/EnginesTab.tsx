import { useCallback, useEffect, useState } from "react";
import type { EngineState, Health, SupportedLanguages, TranslatedPair } from "../../api/models";
import { asProblem } from "../../api/problem";
import { languageName } from "../../i18n/languages";
import { Icon } from "../../ui/Icon";
import { plainNumber } from "../../ui/numbers";
import { secondsTime } from "../../ui/time";
import { usePolled } from "../../ui/usePolled";
import { useAdmin } from "../context";
import { chainsOf, conditionOf, troubles } from "./chains";
import { LanguagePairs } from "./LanguagePairs";
import { namedPairs } from "./pairs";

const EVERY_MS = 5_000;

/** How every engine and service is doing, now. */
export function EnginesTab() {
  const { api, texts, language, fail } = useAdmin();
  const [paused, setPaused] = useState(false);
  // What cannot be reached is said above the page; a notice for each attempt would only repeat it.
  const failed = useCallback(
    (thrown: unknown) => {
      if (!asProblem(thrown).passing) fail(thrown);
    },
    [fail],
  );
  const [supported, setSupported] = useState<SupportedLanguages | null>(null);
  useEffect(() => {
    api.languages().then(setSupported, fail);
  }, [api, fail]);
  const { value: health, at, stale } = usePolled(api.health, EVERY_MS, failed, paused);
  return (
    <div className="admin-column">
      <header className="section-head">
        <h1>{texts.engines}</h1>
        <span className={`live-note ${paused || stale ? "off" : ""}`} data-testid="live">
          {paused ? texts.paused : texts.live}
          {at !== null && <time>{texts.updated(secondsTime(at, language))}</time>}
        </span>
        <button type="button" data-testid="pause" onClick={() => setPaused(!paused)}>
          <Icon name={paused ? "play" : "pause"} /> {paused ? texts.resume : texts.pause}
        </button>
      </header>
      {stale && (
        <p className="banner failing" role="alert">
          <Icon name="alert" /> {texts.notUpdated}
        </p>
      )}
      {health === null ? (
        !stale && <p className="pane-note">{texts.loading}</p>
      ) : (
        <>
          <Summary health={health} />
          <Services health={health} />
          <Chains health={health} supported={supported} />
        </>
      )}
      {supported !== null && <LanguagePairs supported={supported} />}
    </div>
  );
}

function Summary({ health }: { health: Health }) {
  const { texts, language } = useAdmin();
  const { services, resting } = troubles(health);
  const names = new Intl.ListFormat(language, { type: "conjunction" }).format(services);
  const words = [
    services.length > 0 ? texts.dependencyFails(names) : null,
    resting > 0 ? texts.engineRests(resting) : null,
  ].filter((one) => one !== null);
  const tone = services.length > 0 ? "failing" : resting > 0 ? "shaky" : "well";
  return (
    <p className={`banner ${tone}`} role="status" data-testid="summary">
      <Icon name={tone === "well" ? "check" : "alert"} />
      {words.length === 0 ? texts.allWell : words.join(". ")}
    </p>
  );
}

function Services({ health }: { health: Health }) {
  const { texts, language } = useAdmin();
  return (
    <section aria-label={texts.dependencies}>
      <h2>{texts.dependencies}</h2>
      <ul className="services">
        {health.dependencies.map(({ name, state, latency_ms }) => (
          <li key={name} className={`service ${state === "ok" ? "well" : "resting"}`} data-testid="service">
            <strong>{name}</strong>
            <span className="state">
              <Icon name={state === "ok" ? "check" : "alert"} /> {state === "ok" ? texts.well : texts.failing}
            </span>
            <span className="figure">{texts.milliseconds(plainNumber(latency_ms, language, 1))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ChainsProps {
  health: Health;
  supported: SupportedLanguages | null;
}

function Chains({ health, supported }: ChainsProps) {
  const { texts } = useAdmin();
  const pairsOf = ({ capability, name }: EngineState) =>
    (capability === "translation" && supported?.translation.find(({ engine }) => engine === name)?.pairs) ||
    null;
  return (
    <section aria-label={texts.chains}>
      <h2>{texts.chains}</h2>
      <p className="lead">{texts.chainsLead}</p>
      <dl className="engine-chains">
        {chainsOf(health.engines).map(({ capability, engines }) => (
          <div key={capability} data-testid="chain" data-capability={capability}>
            <dt>{texts.capability[capability] ?? capability}</dt>
            <dd>
              <ol>
                {engines.map((engine) => (
                  <EngineView key={engine.name} engine={engine} pairs={pairsOf(engine)} />
                ))}
              </ol>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface EngineProps {
  engine: EngineState;
  /** Those that it translates; null when it takes any, or translates nothing by its nature. */
  pairs: readonly TranslatedPair[] | null;
}

function EngineView({ engine, pairs }: EngineProps) {
  const { texts } = useAdmin();
  const condition = conditionOf(engine, pairs);
  return (
    <li className={`engine ${condition}`} data-testid="engine" data-condition={condition}>
      <span className="engine-line">
        <Icon name={condition === "well" ? "check" : condition === "shaky" ? "alert" : "pause"} />
        <strong>{engine.name}</strong>
      </span>
      <span className="engine-state">
        {texts.engineStates[condition]}
        {engine.failures > 0 && `, ${texts.failures(engine.failures)}`}
      </span>
      {pairs !== null && pairs.length > 0 && <Pairs pairs={pairs} />}
      {engine.problem && (
        <span className="engine-problem">
          {texts.lastProblem}: {engine.problem}
        </span>
      )}
    </li>
  );
}

function Pairs({ pairs }: { pairs: readonly TranslatedPair[] }) {
  const { texts, language } = useAdmin();
  const named = namedPairs(pairs, (code) => languageName(code, language));
  return (
    <details className="engine-pairs" data-testid="engine-pairs">
      <summary>{texts.languagePairs(pairs.length)}</summary>
      <ul>
        {named.map(({ name, rough }) => (
          <li key={name}>
            {name} {rough && <span className="chip high">{texts.rough}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
