import { type ChangeEvent, type DragEvent, useId, useRef, useState } from "react";
import { Icon } from "../../ui/Icon";
import { useAdmin } from "../context";

export interface Source {
  /** Null when the text was typed or pasted. */
  fileName: string | null;
  csv: string;
}

interface ExamplesFieldProps {
  source: Source;
  onChange: (source: Source) => void;
}

/** Takes examples in any of three ways: pasted, as a file, or dropped. */
export function ExamplesField({ source, onChange }: ExamplesFieldProps) {
  const { texts } = useAdmin();
  const hint = useId();
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [unreadable, setUnreadable] = useState(false);

  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      // Not `file.text()`: that would put a sign in the place of every byte that is no UTF-8.
      const csv = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      setUnreadable(false);
      onChange({ fileName: file.name, csv });
    } catch {
      setUnreadable(true);
    }
  };
  const pick = (event: ChangeEvent<HTMLInputElement>) => {
    void take(event.target.files?.[0]);
    event.target.value = "";
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };

  return (
    <fieldset
      className={`examples-field ${over ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <legend>{texts.source}</legend>
      {source.fileName === null ? (
        <textarea
          data-testid="examples"
          aria-label={texts.source}
          aria-describedby={hint}
          rows={8}
          spellCheck={false}
          wrap="off"
          placeholder={"text,label\nWhere is my parcel?,track_order"}
          value={source.csv}
          onChange={(event) => onChange({ fileName: null, csv: event.target.value })}
        />
      ) : (
        <p className="picked">
          <Icon name="upload" />
          <strong dir="auto">{source.fileName}</strong>
          <button
            type="button"
            className="plain icon-button"
            aria-label={texts.removeFile}
            title={texts.removeFile}
            onClick={() => onChange({ fileName: null, csv: "" })}
          >
            <Icon name="close" />
          </button>
        </p>
      )}
      <div className="examples-foot">
        <input
          ref={picker}
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          className="visually-hidden"
          tabIndex={-1}
          aria-hidden="true"
          data-testid="examples-file"
          onChange={pick}
        />
        <button type="button" onClick={() => picker.current?.click()}>
          <Icon name="upload" /> {texts.chooseFile}
        </button>
        <span id={hint} className="muted">
          {texts.sourceHint}
        </span>
      </div>
      {unreadable && (
        <p className="error" role="alert">
          {texts.readFailed}
        </p>
      )}
    </fieldset>
  );
}
