import { type RefObject, useEffect, useState } from "react";
import type { CustomerFound } from "../api/models";
import { languageName } from "../i18n/languages";
import { Icon } from "../ui/Icon";
import { fullTime } from "../ui/time";
import { useDesk } from "./context";
import { QueueItem } from "./QueueList";

const SETTLED_MS = 250;
const SHORTEST = 2;

/** Finds customers by name while it is typed; answers null when nothing is asked. */
export function useCustomerSearch(name: string): { asked: string; found: CustomerFound[] } | null {
  const { api, fail } = useDesk();
  const [result, setResult] = useState<{ asked: string; found: CustomerFound[] } | null>(null);
  const asked = name.trim();
  useEffect(() => {
    if (asked.length < SHORTEST) {
      setResult(null);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      api.findCustomers(asked, stop.signal).then(
        (found) => {
          if (!stop.signal.aborted) setResult({ asked, found });
        },
        (thrown) => {
          if (!stop.signal.aborted) fail(thrown);
        },
      );
    }, SETTLED_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [api, fail, asked]);
  return asked.length < SHORTEST ? null : result;
}

/** Whether what stands beneath the field belongs to what is in it: the queue, or what was found. */
export function isSettled(name: string, search: { asked: string } | null): boolean {
  const asked = name.trim();
  return search === null ? asked.length < SHORTEST : search.asked === asked;
}

interface SearchFieldProps {
  field: RefObject<HTMLInputElement | null>;
  value: string;
  onChange: (value: string) => void;
  /** Down to what was found, as an arrow leads out of any field above a list. */
  onLeave: () => void;
}

export function SearchField({ field, value, onChange, onLeave }: SearchFieldProps) {
  const { texts } = useDesk();
  return (
    <search className="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        data-testid="customer-search"
        aria-label={texts.findCustomer}
        placeholder={texts.findCustomer}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onChange("");
          if (event.key !== "ArrowDown" && event.key !== "Enter") return;
          event.preventDefault();
          onLeave();
        }}
      />
    </search>
  );
}

interface SearchResultsProps {
  asked: string;
  found: readonly CustomerFound[];
  openId: string | null;
  onOpen: (conversationId: string) => void;
}

export function SearchResults({ asked, found, openId, onOpen }: SearchResultsProps) {
  const { language, texts } = useDesk();
  return (
    <section aria-label={texts.searchResults} aria-live="polite">
      {found.length === 0 && <p className="pane-note">{texts.nobodyCalled(asked)}</p>}
      {found.map(({ customer, conversations }) => (
        <section key={customer.id} className="queue-group" data-testid="customer-found">
          <h2>
            <span dir="auto">{customer.full_name}</span>
            {customer.preferred_lang && (
              <span className="count-badge">{languageName(customer.preferred_lang, language)}</span>
            )}
          </h2>
          {conversations.length === 0 && <p className="pane-note">{texts.noConversation}</p>}
          <ul>
            {conversations.map((conversation) => (
              <li key={conversation.id}>
                <QueueItem
                  conversation={conversation}
                  open={conversation.id === openId}
                  unread={0}
                  since={fullTime(conversation.last_message_at, language)}
                  onOpen={onOpen}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}
