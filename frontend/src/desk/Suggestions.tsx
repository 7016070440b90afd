import type { Message, Suggestion } from "../api/models";
import { Icon } from "../ui/Icon";

interface SuggestionsProps {
  /** The customer's latest message, whose suggestions are shown. */
  message: Message | null;
  canReply: boolean;
  onEdit: (suggestion: Suggestion) => void;
  onSend: (suggestion: Suggestion) => void;
}

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
          {message?.analysis_state === "pending" ? "Reading the message…" : "No suggestion for now."}
        </p>
      )}
      <ul className="replies">
        {replies.map((suggestion, index) => (
          <li key={suggestion.id} className="reply">
            <button
              type="button"
              className="reply-text"
              data-testid="suggestion"
              dir="auto"
              lang={suggestion.language}
              disabled={!canReply}
              title={canReply ? "Put into the composer to edit" : "Claim the conversation to reply"}
              onClick={() => onEdit(suggestion)}
            >
              {suggestion.text}
            </button>
            <div className="reply-foot">
              {index < 3 && <kbd title={`Key ${index + 1} puts it into the composer`}>{index + 1}</kbd>}
              {suggestion.citations.length > 0 && (
                <span className="muted" title={suggestion.citations.join("\n")}>
                  {suggestion.citations.length === 1 ? "1 source" : `${suggestion.citations.length} sources`}
                </span>
              )}
              <button
                type="button"
                className="small"
                data-testid="suggestion-send"
                disabled={!canReply}
                onClick={() => onSend(suggestion)}
              >
                <Icon name="send" /> Send now
              </button>
            </div>
          </li>
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
