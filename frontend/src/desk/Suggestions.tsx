import { useState } from "react";
import type { Message, Suggestion } from "../api/models";
import { languageName } from "../i18n/languages";
import { Icon } from "../ui/Icon";
import { PendingChip } from "./Chips";
import { useDesk } from "./context";

interface SuggestionsProps {
  /** The customer's latest message, whose suggestions are shown. */
  message: Message | null;
  canReply: boolean;
  onEdit: (suggestion: Suggestion) => void;
  onSend: (suggestion: Suggestion) => void;
}

/** Longer replies, in characters, show their beginning only: three of them and the next steps fit on a screen. */
const LONG = 220;
/** The same of what the customer reads, which stands beneath. */
const LONG_BESIDES = 90;

export function Suggestions({ message, canReply, onEdit, onSend }: SuggestionsProps) {
  const { texts } = useDesk();
  const suggestions = message?.suggestions ?? [];
  const replies = suggestions.filter(({ kind }) => kind === "reply");
  const actions = suggestions.filter(({ kind }) => kind === "action");
  return (
    <section className="panel suggestions" aria-label={texts.suggestions}>
      <h2>
        <Icon name="spark" /> {texts.suggestions}
      </h2>
      {suggestions.length === 0 && (
        <p className="pane-note">
          {message?.analysis_state === "pending" ? (
            <PendingChip key={message.id} since={message.timestamp} />
          ) : (
            texts.noSuggestion
          )}
        </p>
      )}
      <ul className="replies">
        {replies.map((suggestion, index) => (
          <Reply
            key={suggestion.id}
            suggestion={suggestion}
            digit={index < 3 ? index + 1 : null}
            canReply={canReply}
            onEdit={onEdit}
            onSend={onSend}
          />
        ))}
      </ul>
      {actions.length > 0 && (
        <>
          <h3>{texts.nextSteps}</h3>
          <ul className="steps">
            {actions.map((suggestion) => (
              <li key={suggestion.id} data-testid="suggestion-action" dir="auto">
                {suggestion.text}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface ReplyProps extends Pick<SuggestionsProps, "canReply" | "onEdit" | "onSend"> {
  suggestion: Suggestion;
  /** The key that puts it into the composer, if any. */
  digit: number | null;
}

function Reply({ suggestion, digit, canReply, onEdit, onSend }: ReplyProps) {
  const { texts, language: inLanguage } = useDesk();
  const [whole, setWhole] = useState(false);
  const { text, language, citations, customer_text, customer_language } = suggestion;
  const long = text.length > LONG || (customer_text?.length ?? 0) > LONG_BESIDES;
  return (
    <li className="reply">
      <button
        type="button"
        className={`reply-text ${whole ? "" : "clamped"}`}
        data-testid="suggestion"
        dir="auto"
        lang={language}
        disabled={!canReply}
        title={canReply ? texts.putIntoComposer : texts.claimToReply}
        onClick={() => onEdit(suggestion)}
      >
        <span>{text}</span>
      </button>
      <div className="reply-side">
        <button
          type="button"
          className="plain icon-button"
          data-testid="suggestion-send"
          aria-label={texts.sendNow}
          title={texts.sendNow}
          disabled={!canReply}
          onClick={() => onSend(suggestion)}
        >
          <Icon name="send" />
        </button>
        {digit !== null && <kbd title={texts.keyPutsIn(digit)}>{digit}</kbd>}
        {long && (
          <button
            type="button"
            className={`plain icon-button unfold ${whole ? "unfolded" : ""}`}
            aria-label={texts.wholeText}
            aria-expanded={whole}
            title={whole ? texts.showLess : texts.showAll}
            onClick={() => setWhole(!whole)}
          >
            <Icon name="down" />
          </button>
        )}
      </div>
      {customer_text && (
        <p className={`reply-customer ${whole ? "" : "clamped"}`} data-testid="suggestion-customer-text">
          <span className="label">
            {texts.customerReads(languageName(customer_language ?? "", inLanguage))}
          </span>
          <span dir="auto" lang={customer_language ?? undefined}>
            {customer_text}
          </span>
        </p>
      )}
      {citations.length > 0 && (
        <p className="reply-sources" title={citations.join("\n")}>
          {texts.sources(citations.length)}
        </p>
      )}
    </li>
  );
}
