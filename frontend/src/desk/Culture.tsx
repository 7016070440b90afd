import { type ReactNode, useId, useState } from "react";
import type { CulturalContext } from "../api/models";
import { baseLanguage, languageName } from "../i18n/languages";
import { Icon } from "../ui/Icon";
import { useDesk } from "./context";
import { closed, continued, greeted } from "./insertions";
import { useCulture } from "./useCulture";

const KEY = "desk.culture";

export type Change = (text: string) => string;

interface CultureProps {
  /** The customer's language, with its region if that is known. */
  code: string;
  canReply: boolean;
  /** Changes the unfinished reply. */
  onChange: (change: Change) => void;
}

/** How to write to speakers of the customer's language: shut, unless it is another one than the agents'. */
export function Culture({ code, canReply, onChange }: CultureProps) {
  const { texts, language, supported } = useDesk();
  const inside = useId();
  const foreign = supported !== null && baseLanguage(code) !== baseLanguage(supported.agent_language);
  const [wished, setWished] = useState(storedWish);
  const [asked, setAsked] = useState(false);
  const open = asked || (foreign && wished);
  const culture = useCulture(code, open);
  const toggle = () => {
    setAsked(!open);
    if (!foreign) return;
    setWished(!open);
    storeWish(!open);
  };
  const name = culture
    ? texts.cultureOf(languageName(culture.language, language), regionOf(culture, language))
    : null;
  return (
    <section className="panel culture" aria-label={texts.culture} data-testid="culture">
      <h2>
        <button
          type="button"
          className="fold"
          aria-expanded={open}
          aria-controls={inside}
          title={texts.cultureOpen(languageName(code, language))}
          onClick={toggle}
        >
          <Icon name="globe" />
          <span>{texts.culture}</span>
          <span className="muted fold-about">{name ?? languageName(code, language)}</span>
          <Icon name="chevron" />
        </button>
      </h2>
      <div id={inside} hidden={!open}>
        {open && culture === undefined && <p className="pane-note">{texts.loading}</p>}
        {open && culture === null && <p className="pane-note">{texts.cultureUnknown}</p>}
        {open && culture && <Inside culture={culture} canReply={canReply} onChange={onChange} />}
      </div>
    </section>
  );
}

interface InsideProps extends Pick<CultureProps, "canReply" | "onChange"> {
  culture: CulturalContext;
}

function Inside({ culture, canReply, onChange }: InsideProps) {
  const { texts } = useDesk();
  const { greetings, closings, apology, address, names, communication, formats, regional } = culture;
  const known = { greetings: greetings.map(({ text }) => text), closings: closings.map(({ text }) => text) };
  const own = { lang: culture.code, dir: formats.direction };
  const insert = (text: string, note: string, change: Change) => (
    <button
      key={text}
      type="button"
      className="small phrase"
      data-testid="phrase"
      disabled={!canReply}
      title={canReply ? texts.insertTitle : texts.claimToReply}
      onClick={() => onChange(change)}
    >
      <bdi {...own}>{text}</bdi>
      {note && <span className="muted">{note}</span>}
    </button>
  );
  return (
    <>
      <p className="chips culture-chips">
        <span className="chip">{texts.recommended[address.recommended]}</span>
        <span className="chip">{texts.directness[communication.directness]}</span>
        <span className="chip">{texts.nameOrder[names.order]}</span>
        {formats.direction === "rtl" && <span className="chip">{texts.rightToLeft}</span>}
      </p>
      <h3>{texts.greet}</h3>
      <p className="phrases" data-testid="greetings">
        {greetings.map(({ text, formality, when }) =>
          insert(text, [texts.register[formality], texts.when[when]].filter(Boolean).join(", "), (held) =>
            greeted(held, text, known.greetings),
          ),
        )}
      </p>
      <h3>{texts.closeWith}</h3>
      <p className="phrases" data-testid="closings">
        {closings.map(({ text, formality }) =>
          insert(text, texts.register[formality], (held) => closed(held, text, known.closings)),
        )}
      </p>
      <h3>{texts.apology}</h3>
      <p className="phrases">{insert(apology.text, "", (held) => continued(held, apology.text))}</p>
      <p className="advice">{apology.advice}</p>
      <dl className="culture-facts">
        <Fact name={texts.address}>
          {(address.formal || address.informal) && (
            <span className="pronouns">
              {[
                [texts.formal, address.formal],
                [texts.informal, address.informal],
              ].map(
                ([word, pronoun]) =>
                  pronoun && (
                    <span key={word}>
                      <span className="muted">{word}</span> <bdi {...own}>{pronoun}</bdi>
                    </span>
                  ),
              )}
            </span>
          )}
          {address.advice}
        </Fact>
        <Fact name={texts.names}>
          {names.honorifics.length > 0 && (
            <span className="pronouns">
              <bdi {...own}>{names.honorifics.join(formats.direction === "rtl" ? "، " : ", ")}</bdi>
            </span>
          )}
          {names.advice}
        </Fact>
        <Fact name={texts.tone}>{communication.advice}</Fact>
        <Fact name={texts.avoid}>
          <ul className="avoid">
            {communication.avoid.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </Fact>
        {regional.language && <Fact name={texts.there}>{regional.language}</Fact>}
      </dl>
      <details className="culture-more">
        <summary>{texts.cultureMore}</summary>
        <dl className="culture-facts">
          {regional.business_hours && <Fact name={texts.hours}>{regional.business_hours}</Fact>}
          {regional.holidays && <Fact name={texts.holidays}>{regional.holidays}</Fact>}
          {regional.calendar && <Fact name={texts.calendar}>{regional.calendar}</Fact>}
          <FormatFacts culture={culture} />
        </dl>
      </details>
      <Sources culture={culture} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

function FormatFacts({ culture: { code, formats } }: { culture: CulturalContext }) {
  const { texts, language } = useDesk();
  const days = new Intl.ListFormat(language, { type: "conjunction" });
  const rest = days.format(formats.weekend.map((day) => dayWord(day, language)));
  const examples = (values: readonly (string | null)[]) =>
    values
      .filter((value) => value !== null)
      .map((value) => (
        <bdi key={value} lang={code} dir={formats.direction}>
          {value}
        </bdi>
      ));
  return (
    <>
      <Fact name={texts.dates}>
        <span className="format-examples">
          {examples([formats.date_short, formats.date_long, formats.time])}
        </span>
      </Fact>
      <Fact name={texts.numbers}>
        <span className="format-examples">{examples([formats.number, formats.amount, formats.percent])}</span>
      </Fact>
      <Fact name={texts.week}>
        {texts.weekBegins(dayWord(formats.first_day_of_week, language))}, {texts.weekend(rest)}
      </Fact>
    </>
  );
}

function Sources({ culture }: { culture: CulturalContext }) {
  const { texts } = useDesk();
  return (
    <details className="culture-sources">
      <summary>{texts.cultureSources}</summary>
      <ul>
        {culture.sources.map(({ claims, sources }) => (
          <li key={claims}>
            <span className="muted">{texts.claims[claims]}: </span>
            {sources.map(({ title, by }) => `${title} (${by})`).join("; ")}
          </li>
        ))}
      </ul>
    </details>
  );
}

function regionOf(culture: CulturalContext, language: string): string {
  const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
  return names.of(culture.region) ?? culture.region_name;
}

const WEEK = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

function dayWord(day: string, language: string): string {
  // 4 January 1970 was a Sunday.
  const date = new Date(Date.UTC(1970, 0, 4 + WEEK.indexOf(day)));
  return new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(date);
}

function storedWish(): boolean {
  try {
    return localStorage.getItem(KEY) !== "shut";
  } catch {
    return true;
  }
}

function storeWish(open: boolean): void {
  try {
    localStorage.setItem(KEY, open ? "open" : "shut");
  } catch {
    // Without storage the wish lasts as long as the page.
  }
}
