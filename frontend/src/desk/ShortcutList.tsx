import type { RefObject } from "react";
import { useDesk } from "./context";

export function ShortcutList({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  const { texts } = useDesk();
  return (
    <dialog ref={dialog} className="card dialog" aria-label={texts.shortcuts} data-testid="shortcuts">
      <h2>{texts.shortcuts}</h2>
      <dl className="shortcuts">
        {texts.shortcutList.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div className="dialog-buttons">
        <button type="button" className="primary" onClick={() => dialog.current?.close()}>
          {texts.close}
        </button>
      </div>
    </dialog>
  );
}
