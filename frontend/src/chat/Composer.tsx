import { type KeyboardEvent, type ReactNode, type RefObject, useId, useLayoutEffect } from "react";
import { Icon } from "../ui/Icon";
import { canSend, charactersLeft } from "./text";

export interface ComposerTexts {
  composer: string;
  composerHint: string;
  send: string;
  charactersLeft: (count: number) => string;
  charactersOver: (count: number) => string;
}

interface ComposerProps {
  texts: ComposerTexts;
  value: string;
  field: RefObject<HTMLTextAreaElement | null>;
  language?: string | undefined;
  onChange: (text: string) => void;
  onSend: (text: string) => void;
  /** What else is chosen for the message. */
  children?: ReactNode;
}

export function Composer(props: ComposerProps) {
  const { texts, value, field, language, onChange, onSend, children } = props;
  const hint = useId();
  const left = charactersLeft(value);
  const ready = canSend(value);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text, however it changed
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }, [value, field]);

  const send = () => {
    if (ready) onSend(value.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a word, Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        data-testid="composer"
        aria-label={texts.composer}
        aria-describedby={hint}
        aria-invalid={left !== null && left < 0}
        placeholder={texts.composer}
        dir="auto"
        lang={language}
        rows={1}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" className="primary send" data-testid="send" disabled={!ready}>
        <Icon name="send" />
        <span>{texts.send}</span>
      </button>
      <div className="composer-foot">
        {children}
        <span id={hint} className="composer-hint">
          {texts.composerHint}
        </span>
        {left !== null && (
          <span role="status" className={left < 0 ? "count over" : "count"}>
            {left < 0 ? texts.charactersOver(-left) : texts.charactersLeft(left)}
          </span>
        )}
      </div>
    </form>
  );
}
