import { useCallback, useEffect, useRef, useState } from "react";
import { Icon } from "./Icon";

export interface Toast {
  id: number;
  tone: "info" | "error";
  words: string;
}

const SHOWN_MS = { info: 4_000, error: 12_000 };
const MOST = 4;

/** Short notices; `show` adds one, and the same words twice stand there once. */
export function useToasts(): {
  toasts: Toast[];
  show: (tone: Toast["tone"], words: string) => void;
  close: (id: number) => void;
} {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const next = useRef(1);
  const show = useCallback((tone: Toast["tone"], words: string) => {
    const id = next.current++;
    setToasts((held) => [...held.filter((toast) => toast.words !== words), { id, tone, words }].slice(-MOST));
  }, []);
  const close = useCallback((id: number) => setToasts((held) => held.filter((toast) => toast.id !== id)), []);
  return { toasts, show, close };
}

interface ToastsProps {
  toasts: Toast[];
  close: (id: number) => void;
  closeLabel: string;
}

export function Toasts({ toasts, close, closeLabel }: ToastsProps) {
  return (
    <div className="toasts">
      {toasts.map((toast) => (
        <ToastView key={toast.id} toast={toast} close={close} closeLabel={closeLabel} />
      ))}
    </div>
  );
}

interface ToastViewProps extends Omit<ToastsProps, "toasts"> {
  toast: Toast;
}

function ToastView({ toast, close, closeLabel }: ToastViewProps) {
  useEffect(() => {
    const timer = setTimeout(() => close(toast.id), SHOWN_MS[toast.tone]);
    return () => clearTimeout(timer);
  }, [toast, close]);
  return (
    <div
      className={`toast ${toast.tone}`}
      role={toast.tone === "error" ? "alert" : "status"}
      data-testid="toast"
    >
      <Icon name={toast.tone === "error" ? "alert" : "check"} />
      <p>{toast.words}</p>
      <button
        type="button"
        className="plain icon-button"
        aria-label={closeLabel}
        onClick={() => close(toast.id)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
