import { useState } from "react";
import type { AccountProfile, Conversation, PastConversation } from "../api/models";
import { languageName } from "../i18n/languages";
import { Icon } from "../ui/Icon";
import { plainNumber } from "../ui/numbers";
import { fullTime, shortDay } from "../ui/time";
import { intentWords } from "../ui/words";
import { useDesk } from "./context";

interface CustomerPanelProps {
  customer: AccountProfile;
  conversation: Conversation;
}

export function CustomerPanel({ customer, conversation }: CustomerPanelProps) {
  const { language, texts } = useDesk();
  const usage = conversation.token_usage;
  const spoken = conversation.primary_lang ?? customer.preferred_lang;
  const facts: [string, string][] = [
    [texts.language, spoken ? languageName(spoken, language) : texts.notKnownYet],
    [texts.cameBy, conversation.source],
    [texts.customerSince, shortDay(customer.created_at, language)],
    [texts.began, fullTime(conversation.start_time, language)],
  ];
  if (customer.detected_lang && customer.detected_lang !== spoken) {
    facts.splice(1, 0, [texts.alsoWrites, languageName(customer.detected_lang, language)]);
  }
  if (usage.total > 0) {
    const words = texts.modelTokensOf(plainNumber(usage.total, language), usage.calls);
    facts.push([texts.modelTokens, words]);
  }
  return (
    <section className="panel" aria-label={texts.customer}>
      <h2>
        <Icon name="person" /> {texts.customer}
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
  const { api, fail, language, texts } = useDesk();
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
        <Icon name="history" /> {busy ? texts.loading : texts.pastConversations}
      </button>
    );
  }
  return (
    <div data-testid="history">
      <h3>{texts.pastConversations}</h3>
      {past.length === 0 && <p className="pane-note">{texts.firstOne}</p>}
      {past.map(({ conversation, messages }) => (
        <details key={conversation.id} className="past">
          <summary>
            {fullTime(conversation.start_time, language)}
            <span className="muted">
              {" "}
              · {texts.messageCount(messages.length)}
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
