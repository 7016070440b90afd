import { useState } from "react";
import type { SupportedLanguages } from "../../api/models";
import { baseLanguage, languageName } from "../../i18n/languages";
import { useAdmin } from "../context";
import { foundLanguages, translatedBothWays } from "./pairs";

/** Which engine translates which language into the agents' own and back. */
export function LanguagePairs({ supported }: { supported: SupportedLanguages }) {
  const { texts, language } = useAdmin();
  const [asked, setAsked] = useState("");
  const [onlyTranslated, setOnlyTranslated] = useState(true);
  const own = languageName(supported.agent_language, language);
  const named = supported.languages
    .filter(({ code }) => code !== baseLanguage(supported.agent_language))
    .map((one) => ({ ...one, name: languageName(one.code, language) }));
  const { well, roughly } = translatedBothWays(named);
  const shown = foundLanguages(named, asked, onlyTranslated, language);
  const engine = (name: string | null, quality: "good" | "gist" | null) =>
    name === null ? (
      <span className="muted">{texts.nobody}</span>
    ) : (
      <>
        <code>{breakable(name)}</code>{" "}
        {quality === "gist" && <span className="chip high">{texts.rough}</span>}
      </>
    );
  return (
    <section aria-label={texts.pairs} data-testid="pairs">
      <h2>{texts.pairs}</h2>
      <p className="lead">
        {texts.pairsLead(well, roughly, named.length, own)}{" "}
        {supported.detection.length > 0 && texts.detectedBy(supported.detection.join(" → "))}
      </p>
      <div className="table-tools">
        <input
          type="search"
          aria-label={texts.findLanguage}
          placeholder={texts.findLanguage}
          value={asked}
          onChange={(event) => setAsked(event.target.value)}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={onlyTranslated}
            onChange={(event) => setOnlyTranslated(event.target.checked)}
          />
          <span>{texts.translatedOnly}</span>
        </label>
      </div>
      {shown.length === 0 ? (
        <p className="pane-note">{texts.noLanguage}</p>
      ) : (
        <table className="table pairs">
          <thead>
            <tr>
              <th scope="col">{texts.languageName}</th>
              <th scope="col" className="wide-only">
                {texts.nativeName}
              </th>
              <th scope="col" className="wide-only">
                {texts.code}
              </th>
              <th scope="col">{texts.toAgents(own)}</th>
              <th scope="col">{texts.fromAgents(own)}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.code}>
                <th scope="row">{one.name}</th>
                <td className="wide-only">
                  <bdi lang={one.code} dir={one.direction}>
                    {one.native_name}
                  </bdi>
                </td>
                <td className="wide-only">
                  <code>{one.code}</code>
                </td>
                <td>{engine(one.to_agents, one.to_agents_quality)}</td>
                <td>{engine(one.from_agents, one.from_agents_quality)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** A name of two engines may go on in the next line between them. */
function breakable(name: string) {
  return name.split("+").flatMap((part, index) => (index === 0 ? [part] : ["+", <wbr key={part} />, part]));
}
