import { useRef, useState } from "react";
import type { IntentModel } from "../../api/models";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { saveFile } from "../../ui/download";
import { Icon } from "../../ui/Icon";
import { useAdmin } from "../context";
import { nameOf, SHIPPED } from "./report";

interface VersionActionsProps {
  model: IntentModel;
  onChanged: () => void;
  onRemoved: () => void;
}

type Asked = "activate" | "delete";

/** What may be done with a version; what cannot be undone is asked for again. */
export function VersionActions({ model, onChanged, onRemoved }: VersionActionsProps) {
  const { api, texts, mayChange, fail, tell } = useAdmin();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState(false);
  const downloadButton = useRef<HTMLButtonElement>(null);
  const { version, state, active } = model;
  const name = nameOf(model, texts);
  if (!mayChange) return null;

  const carriedOut = async (action: () => Promise<void>) => {
    setAsked(null);
    setBusy(true);
    try {
      await action();
    } catch (thrown) {
      fail(thrown);
    }
    setBusy(false);
  };
  const activate = () =>
    carriedOut(async () => {
      await api.activate(version);
      tell(texts.activated(name));
      // The button that was pressed is about to go; the keyboard stays with the version.
      downloadButton.current?.focus();
      onChanged();
    });
  const remove = () =>
    carriedOut(async () => {
      await api.remove(version);
      tell(texts.deleted(name));
      onRemoved();
    });
  const download = () =>
    carriedOut(async () => saveFile(await api.examples(version), `intents-${version}.csv`));

  return (
    <div className="version-actions">
      {state === "ready" && !active && (
        <button
          type="button"
          className="primary"
          data-testid="activate"
          disabled={busy}
          onClick={() => setAsked("activate")}
        >
          <Icon name="check" /> {version === SHIPPED ? texts.backToShipped : texts.activate}
        </button>
      )}
      <button ref={downloadButton} type="button" data-testid="download" onClick={() => void download()}>
        <Icon name="download" /> {texts.download}
      </button>
      {version !== SHIPPED && !active && (
        <button type="button" data-testid="delete" disabled={busy} onClick={() => setAsked("delete")}>
          <Icon name="trash" /> {texts.delete}
        </button>
      )}
      {asked === "activate" && (
        <ConfirmDialog
          title={texts.activateTitle(name)}
          text={texts.activateText}
          confirm={texts.activate}
          cancel={texts.cancel}
          onConfirm={() => void activate()}
          onCancel={() => setAsked(null)}
        />
      )}
      {asked === "delete" && (
        <ConfirmDialog
          dangerous
          title={texts.deleteTitle(name)}
          text={texts.deleteText}
          confirm={texts.delete}
          cancel={texts.cancel}
          onConfirm={() => void remove()}
          onCancel={() => setAsked(null)}
        />
      )}
    </div>
  );
}
