import type { Conversation, Entity, Message, Sentiment } from "../api/models";
import { languageName } from "../i18n/languages";
import { Icon } from "../ui/Icon";
import { useOverdue } from "../ui/time";
import { useDesk } from "./context";

const SENTIMENT_WORDS: Readonly<Record<Sentiment, string>> = {
  positive: "Positive",
  neutral: "Neutral",
  negative: "Negative",
};

/** `track_order` as `Track order`. */
export function intentWords(intent: string): string {
  const words = intent.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function percent(confidence: number): string {
  return `${Math.round(confidence * 100)} %`;
}

export function LanguageChip({ code, title, testId }: { code: string; title?: string; testId?: string }) {
  const { language } = useDesk();
  const name = languageName(code, language);
  return (
    <span className="chip language" data-testid={testId} data-language={code} title={title ?? name}>
      {code.toUpperCase()}
      <span className="visually-hidden"> ({name})</span>
    </span>
  );
}

export function SentimentChip(props: {
  sentiment: Sentiment;
  title?: string;
  testId?: string;
  bare?: boolean;
}) {
  const { sentiment, title, testId, bare } = props;
  const words = SENTIMENT_WORDS[sentiment];
  return (
    <span className={`chip sentiment ${sentiment}`} data-testid={testId} title={title ?? words}>
      <Face sentiment={sentiment} />
      <span className={bare ? "visually-hidden" : undefined}>{words}</span>
    </span>
  );
}

function Face({ sentiment }: { sentiment: Sentiment }) {
  const mouth = { positive: "M5 9.500q3 3 6 0", neutral: "M5.5 10.500h5", negative: "M5 11.500q3-3 6 0" }[
    sentiment
  ];
  return (
    <svg className="face" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <circle cx="8" cy="8" r="6.5" />
      <path d={`M5.8 6v.600M10.2 6v.6${mouth}`} />
    </svg>
  );
}

export function EscalationBadge({ escalation }: { escalation: NonNullable<Conversation["escalation"]> }) {
  return (
    <span className="chip escalated" data-testid="escalation">
      <Icon name="alert" />
      {escalation.reason === "complaint" ? "Complaint" : "Wants a person"}
    </span>
  );
}

/** As many as fit under a message without becoming a message of their own. */
const MOST_ENTITIES = 5;

/** Something that a message names, such as an order number, with its normalised form for the eye that rests on it. */
function EntityChip({ entity }: { entity: Entity }) {
  const kind = intentWords(entity.type);
  return (
    <span
      className="chip entity"
      data-testid="entity-chip"
      data-type={entity.type}
      title={`${kind}: ${entity.value ?? entity.text}`}
    >
      <span className="visually-hidden">{kind}: </span>
      {entity.text}
    </span>
  );
}

/** What was understood of a customer's message. */
export function MessageChips({ message }: { message: Message }) {
  const { language: inLanguage } = useDesk();
  const { language, intent, sentiment, analysis_state } = message;
  const alternatives = intent?.alternatives.map(
    (one) => `${intentWords(one.intent)} ${percent(one.confidence)}`,
  );
  return (
    <p className="chips">
      {language?.language && (
        <LanguageChip
          code={language.language}
          testId="language-chip"
          title={`${languageName(language.language, inLanguage)}, ${percent(language.confidence)}`}
        />
      )}
      {intent && (
        <span
          className={`chip intent ${intent.intent === "out_of_scope" ? "unsure" : ""}`}
          data-testid="intent-chip"
          data-intent={intent.intent}
          title={[`${percent(intent.confidence)} sure`, ...(alternatives ?? [])].join("\n")}
        >
          {intentWords(intent.intent)}
        </span>
      )}
      {sentiment && (
        <SentimentChip
          sentiment={sentiment.sentiment}
          testId="sentiment-chip"
          title={`${SENTIMENT_WORDS[sentiment.sentiment]}, ${percent(sentiment.confidence)}`}
        />
      )}
      {(message.entities ?? []).slice(0, MOST_ENTITIES).map((entity) => (
        <EntityChip key={entity.start} entity={entity} />
      ))}
      {analysis_state === "pending" && <PendingChip since={message.timestamp} />}
    </p>
  );
}

/** From then on an analysis is late: what is usually done in a second is no longer about to come. */
const LATE_MS = 15_000;

/** Of a message that is not analysed: that it is being read or, when that takes too long, that it is not yet. */
export function PendingChip({ since }: { since: string }) {
  const late = useOverdue(since, LATE_MS);
  return (
    <span className={`chip pending ${late ? "late" : ""}`} data-testid="pending-chip">
      {late ? "Not analysed yet" : "Reading…"}
    </span>
  );
}
