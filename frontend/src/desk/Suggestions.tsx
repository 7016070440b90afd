import { useState } from "react";
import type { Message, Suggestion } from "../api/models";
import { Icon } from "../ui/Icon";
import { PendingChip } from "./Chips";

interface SuggestionsProps {
  /** The customer's latest message, whose suggestions are shown. */
  message: Message | null;
  canReply: boolean;
  onEdit: (suggestion: Suggestion) => void;
  onSend: (suggestion: Suggestion) => void;
}

/** Longer replies, in characters, show their beginning only: three of them and the next steps fit on a screen. */
const LONG = 220;

export function Suggestions({ message, canReply, onEdit, onSend }: SuggestionsProps) {
  const suggestions = message?.suggestions ?? [];
  const replies = suggestions.filter(({ kind }) => kind === "reply");
  const actions = suggestions.filter(({ kind }) => kind === "action");
  return (
    <section className="panel suggestions" aria-label="Suggestions">
      <h2>
        <Icon name="spark" /> Suggestions
      </h2>
      {suggestions.length === 0 && (
        <p className="pane-note">
          {message?.analysis_state === "pending" ? (
            <PendingChip key={message.id} since={message.timestamp} />
          ) : (
            "No suggestion for now."
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
          <h3>Next steps</h3>
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
  const [whole, setWhole] = useState(false);
  const { text, language, citations } = suggestion;
  const long = text.length > LONG;
  return (
    <li className="reply">
      <button
        type="button"
        className={`reply-text ${long && !whole ? "clamped" : ""}`}
        data-testid="suggestion"
        dir="auto"
        lang={language}
        disabled={!canReply}
        title={canReply ? "Put into the composer to edit" : "Claim the conversation to reply"}
        onClick={() => onEdit(suggestion)}
      >
        <span>{text}</span>
      </button>
      <div className="reply-side">
        <button
          type="button"
          className="plain icon-button"
          data-testid="suggestion-send"
          aria-label="Send now"
          title="Send now"
          disabled={!canReply}
          onClick={() => onSend(suggestion)}
        >
          <Icon name="send" />
        </button>
        {digit !== null && <kbd title={`Key ${digit} puts it into the composer`}>{digit}</kbd>}
        {long && (
          <button
            type="button"
            className={`plain icon-button unfold ${whole ? "unfolded" : ""}`}
            aria-label="Whole text"
            aria-expanded={whole}
            title={whole ? "Show less" : "Show all of it"}
            onClick={() => setWhole(!whole)}
          >
            <Icon name="down" />
          </button>
        )}
      </div>
      {citations.length > 0 && (
        <p className="reply-sources" title={citations.join("\n")}>
          {citations.length === 1 ? "1 source" : `${citations.length} sources`}
        </p>
      )}
    </li>
  );
}
