import type { Entity, Message, Sentiment } from "../api/models";
import { languageName } from "../i18n/languages";
import { Icon } from "../ui/Icon";
import { percent } from "../ui/numbers";
import { useOverdue } from "../ui/time";
import { codeWords, intentWords } from "../ui/words";
import { useDesk } from "./context";
import { isAngry, isUrgent, type Mark } from "./feelings";

interface LanguageChipProps {
  code: string;
  /** What else the text is partly written in. */
  besides?: readonly string[];
  title?: string;
  testId?: string;
}

export function LanguageChip({ code, besides = [], title, testId }: LanguageChipProps) {
  const { language } = useDesk();
  const codes = [code, ...besides];
  const name = codes.map((one) => languageName(one, language)).join(" + ");
  return (
    <span className="chip language" data-testid={testId} data-language={code} title={title ?? name}>
      {codes.map(codeWords).join(" + ")}
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
  const words = useDesk().texts.sentiment[sentiment];
  return (
    <span className={`chip sentiment ${sentiment}`} data-testid={testId} title={title ?? words}>
      <Face sentiment={sentiment} />
      <span className={bare ? "visually-hidden" : undefined}>{words}</span>
    </span>
  );
}

const MOUTHS: Readonly<Record<Sentiment, string>> = {
  positive: "M5 9.5q3 3 6 0",
  neutral: "M5.5 10.5h5",
  negative: "M5 11.5q3-3 6 0",
  mixed: "M4.8 10.8q1.6-1.8 3.2 0t3.2 0",
};

function Face({ sentiment }: { sentiment: Sentiment }) {
  return (
    <svg className="face" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <circle cx="8" cy="8" r="6.5" />
      <path d={`M5.8 6v.6M10.2 6v.6${MOUTHS[sentiment]}`} />
    </svg>
  );
}

/** Why a conversation or a message stands out, in a word and with a sign of its own. */
export function MarkChip({ mark, title, escalated }: { mark: Mark; title?: string; escalated?: boolean }) {
  const { texts } = useDesk();
  return (
    <span
      className={`chip mark ${mark}`}
      data-testid={escalated ? "escalation" : "mark"}
      data-mark={mark}
      title={title}
    >
      <Icon name={mark === "urgent" ? "clock" : mark === "anger" ? "flame" : "alert"} />
      {texts.escalation[mark]}
    </span>
  );
}

/** As many as fit under a message without becoming a message of their own. */
const MOST_ENTITIES = 5;

/** Something that a message names, such as an order number, with its normalised form for the eye that rests on it. */
function EntityChip({ entity }: { entity: Entity }) {
  const kind = useDesk().texts.entity[entity.type];
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
  const { texts, language: inLanguage } = useDesk();
  const { language, intent, sentiment, analysis_state } = message;
  const share = (part: number) => percent(part, inLanguage);
  const alternatives = intent?.alternatives.map(
    (one) => `${intentWords(one.intent)} ${share(one.confidence)}`,
  );
  return (
    <p className="chips">
      {sentiment && isUrgent(sentiment) && (
        <MarkChip mark="urgent" title={texts.urgencyTitle(share(sentiment.urgency ?? 0))} />
      )}
      {sentiment && isAngry(sentiment) && (
        <MarkChip mark="anger" title={texts.angerTitle(share(sentiment.anger ?? 0))} />
      )}
      {language?.language && (
        <LanguageChip
          code={language.language}
          besides={language.mixed ? language.also.map((one) => one.language) : []}
          testId="language-chip"
          title={[{ language: language.language, confidence: language.confidence }, ...language.also]
            .map((one) => `${languageName(one.language, inLanguage)}, ${share(one.confidence)}`)
            .join("\n")}
        />
      )}
      {intent && (
        <span
          className={`chip intent ${intent.intent === "out_of_scope" ? "unsure" : ""}`}
          data-testid="intent-chip"
          data-intent={intent.intent}
          title={[texts.sure(share(intent.confidence)), ...(alternatives ?? [])].join("\n")}
        >
          {intentWords(intent.intent)}
        </span>
      )}
      {sentiment && (
        <SentimentChip
          sentiment={sentiment.sentiment}
          testId="sentiment-chip"
          title={`${texts.sentiment[sentiment.sentiment]}, ${share(sentiment.confidence)}`}
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
  const { texts } = useDesk();
  const late = useOverdue(since, LATE_MS);
  return (
    <span className={`chip pending ${late ? "late" : ""}`} data-testid="pending-chip">
      {late ? texts.notAnalysed : texts.reading}
    </span>
  );
}
