import { useState } from "react";
import type { AccountProfile, Conversation, PastConversation } from "../api/models";
import { languageName } from "../i18n/languages";
import { Icon } from "../ui/Icon";
import { fullTime, shortDay } from "../ui/time";
import { intentWords } from "./Chips";
import { useDesk } from "./context";

interface CustomerPanelProps {
  customer: AccountProfile;
  conversation: Conversation;
}

export function CustomerPanel({ customer, conversation }: CustomerPanelProps) {
  const { language } = useDesk();
  const spoken = conversation.primary_lang ?? customer.preferred_lang;
  const facts: [string, string][] = [
    ["Language", spoken ? languageName(spoken, language) : "Not known yet"],
    ["Came by", conversation.source],
    ["Customer since", shortDay(customer.created_at, language)],
    ["Began", fullTime(conversation.start_time, language)],
  ];
  if (customer.detected_lang && customer.detected_lang !== spoken) {
    facts.splice(1, 0, ["Also writes", languageName(customer.detected_lang, language)]);
  }
  return (
    <section className="panel" aria-label="Customer">
      <h2>
        <Icon name="person" /> Customer
      </h2>
      <p className="customer-name" dir="auto">
        {customer.full_name}
      </p>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <History key={customer.id} customerId={customer.id} currentId={conversation.id} />
    </section>
  );
}

function History({ customerId, currentId }: { customerId: string; currentId: string }) {
  const { api, fail, language } = useDesk();
  const [past, setPast] = useState<PastConversation[] | null>(null);
  const [busy, setBusy] = useState(false);
  const load = async () => {
    setBusy(true);
    try {
      const history = await api.history(customerId);
      setPast(history.filter(({ conversation }) => conversation.id !== currentId));
    } catch (thrown) {
      fail(thrown);
    }
    setBusy(false);
  };
  if (past === null) {
    return (
      <button type="button" data-testid="show-history" disabled={busy} onClick={() => void load()}>
        <Icon name="history" /> {busy ? "Loading…" : "Past conversations"}
      </button>
    );
  }
  return (
    <div data-testid="history">
      <h3>Past conversations</h3>
      {past.length === 0 && <p className="pane-note">This is the first one.</p>}
      {past.map(({ conversation, messages }) => (
        <details key={conversation.id} className="past">
          <summary>
            {fullTime(conversation.start_time, language)}
            <span className="muted">
              {" "}
              · {messages.length === 1 ? "1 message" : `${messages.length} messages`}
              {conversation.intent ? ` · ${intentWords(conversation.intent)}` : ""}
            </span>
          </summary>
          <ol>
            {messages.map((message) => (
              <li key={message.id} className={`past-${message.sender}`}>
                <strong>{message.sender_name}</strong>
                <span dir="auto">
                  {(message.sender === "customer" ? message.translation?.text : null) ?? message.text_content}
                </span>
              </li>
            ))}
          </ol>
        </details>
      ))}
    </div>
  );
}
