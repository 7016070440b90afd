import { useEffect, useRef } from "react";

interface ConfirmDialogProps {
  title: string;
  text: string;
  /** What is done, as the button says it. */
  confirm: string;
  cancel: string;
  /** Whether it cannot be undone. */
  dangerous?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before something is done; open as long as it is shown. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, text, confirm, cancel, dangerous, onConfirm, onCancel } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="card dialog" aria-label={title} data-testid="confirm" onClose={onCancel}>
      <h2 dir="auto">{title}</h2>
      <p className="dialog-text">{text}</p>
      <div className="dialog-buttons">
        <button type="button" onClick={onCancel}>
          {cancel}
        </button>
        <button
          type="button"
          className={dangerous ? "primary danger" : "primary"}
          data-testid="confirm-yes"
          onClick={onConfirm}
        >
          {confirm}
        </button>
      </div>
    </dialog>
  );
}
