import type { Formality } from "../api/client";
import { languageName } from "../i18n/languages";
import { useDesk } from "./context";

const CHOICES: readonly Formality[] = ["automatic", "formal", "informal"];

interface FormalityChoiceProps {
  /** The customer's language. */
  into: string;
  value: Formality;
  onChange: (choice: Formality) => void;
}

/** How a reply that is translated shall address the customer. */
export function FormalityChoice({ into, value, onChange }: FormalityChoiceProps) {
  const { texts, language } = useDesk();
  const title = texts.formalityTitle(languageName(into, language));
  return (
    <label className="formality" title={title}>
      <span>{texts.formality}</span>
      <select
        data-testid="formality"
        aria-description={title}
        value={value}
        onChange={(event) => onChange(event.target.value as Formality)}
      >
        {CHOICES.map((choice) => (
          <option key={choice} value={choice}>
            {texts.formalityOf[choice]}
          </option>
        ))}
      </select>
    </label>
  );
}
