import { type FormEvent, useDeferredValue, useMemo, useState } from "react";
import type { IntentModel } from "../../api/models";
import { type ApiProblem, asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { useAdmin } from "../context";
import { ExamplesField, type Source } from "./ExamplesField";
import { errorsOfRows, labelled, readExamples } from "./examples";
import { Preview } from "./Preview";

interface TrainFormProps {
  /** How many intents the shipped model knows; null when that is not known. */
  shippedIntents: number | null;
  onStarted: (model: IntentModel) => void;
}

/** From examples to a new version. */
export function TrainForm({ shippedIntents, onStarted }: TrainFormProps) {
  const { api, texts, fail, tell } = useAdmin();
  const [name, setName] = useState("");
  const [source, setSource] = useState<Source>({ fileName: null, csv: "" });
  const [withDefaults, setWithDefaults] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const csv = useDeferredValue(source.csv);
  const examples = useMemo(() => readExamples(csv), [csv]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other examples are another training
  const clientModelId = useMemo(() => crypto.randomUUID(), [name, source, withDefaults]);
  const { rows: rowErrors, others } = useMemo(
    () => errorsOfRows(problem?.errors ?? [], examples.rows),
    [problem, examples],
  );
  const wrong = examples.rows.some((row) => row.problem !== null);
  const nothing = examples.rows.length === 0;
  const nameError = others.find(({ field }) => field === "name")?.message ?? null;

  const change = (next: Source) => {
    setSource(next);
    setProblem(null);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const sent = examples.rows.map(({ text, intent }) => ({ text, intent }));
      const model = await api.train({
        name: name.trim(),
        examples: sent,
        withDefaultExamples: withDefaults,
        clientModelId,
      });
      tell(texts.started);
      onStarted(model);
    } catch (thrown) {
      const found = asProblem(thrown);
      if (found.status === 401) fail(found);
      setProblem(found);
      setBusy(false);
    }
  };

  return (
    <form className="train" onSubmit={submit} data-testid="train-form">
      <header className="section-head">
        <h1>{texts.trainTitle}</h1>
      </header>
      <label>
        <span>{texts.name}</span>
        <input
          data-testid="model-name"
          required
          maxLength={100}
          placeholder={texts.namePlaceholder}
          dir="auto"
          aria-invalid={nameError !== null}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {nameError && <span className="error">{nameError}</span>}
      </label>
      <ExamplesField source={source} onChange={change} />
      <label className="check">
        <input
          type="checkbox"
          data-testid="with-defaults"
          checked={withDefaults}
          onChange={(event) => setWithDefaults(event.target.checked)}
        />
        <span>
          {texts.withDefaults}
          {shippedIntents !== null && (
            <small className="muted">{texts.withDefaultsHint(shippedIntents)}</small>
          )}
        </span>
      </label>
      {source.csv.trim() !== "" && (
        <Preview
          examples={examples}
          rowErrors={rowErrors}
          withDefaults={withDefaults}
          onFixLabels={() => change({ ...source, csv: labelled(examples.rows) })}
        />
      )}
      {problem && (
        <div className="banner failing" role="alert" data-testid="train-problem">
          <Icon name="alert" />
          <div>{problemLines(problem, others, rowErrors.length, texts.rowsBad, texts.tooLarge)}</div>
        </div>
      )}
      <div className="dialog-buttons">
        <button
          type="submit"
          className="primary"
          data-testid="train"
          disabled={busy || wrong || nothing || name.trim() === ""}
        >
          {busy ? texts.starting : texts.start}
        </button>
      </div>
    </form>
  );
}

/** What is wrong with the whole; what is wrong with rows stands at them. */
function problemLines(
  problem: ApiProblem,
  others: readonly { field: string; message: string }[],
  badRows: number,
  rowsBad: (count: number) => string,
  tooLarge: string,
) {
  const lines = others.map(({ field, message }) => `${field} ${message}`);
  if (badRows > 0) lines.unshift(rowsBad(badRows));
  if (problem.status === 413) lines.unshift(tooLarge);
  if (lines.length === 0) lines.push(problem.words);
  return lines.map((line) => <p key={line}>{line}</p>);
}
