import { get, post, Refused } from "./api.js";
import { fill, h, problem, table } from "./dom.js";
import { milliseconds } from "./format.js";
import { form, results } from "./results.js";

function open(body) {
  const list = h("div");
  const found = h("div", { "aria-live": "polite" });
  const index = h("select", {});
  const search = h("textarea", { rows: "5", spellcheck: "false", "data-testid": "search-body" });
  search.value = JSON.stringify({ search: "*", count: true, top: 20 }, null, 2);
  const query = form(run, h("label", {}, "Index", index), h("label", {}, "Search, as the service takes it", search));
  query.hidden = true;

  async function run() {
    try {
      let content;
      try {
        content = JSON.parse(search.value);
      } catch (error) {
        throw new Refused(`the search is not JSON: ${error.message}`);
      }
      const { answer, milliseconds: took } = await post("/indexes/query", { index: index.value, body: content });
      const total = answer["@odata.count"] === undefined ? "" : ` of ${answer["@odata.count"]}`;
      fill(found, results(answer.value, `${answer.value.length}${total} documents · ${milliseconds(took)}`));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fill(found, problem(error.message));
    }
  }

  async function refresh() {
    const { endpoint, indexes, notRunning } = await get("/indexes");
    query.hidden = indexes.length === 0;
    if (notRunning) {
      fill(list, h("p", { class: "quiet", "data-testid": "not-running" }, `The search service is not running: ${notRunning}.`));
      return;
    }
    const chosen = index.value;
    index.replaceChildren(...indexes.map((each) => h("option", { value: each.name }, each.name)));
    if (chosen) index.value = chosen;
    const rows = indexes.map((each) =>
      h(
        "tr",
        {},
        h("td", {}, each.name),
        h("td", { class: "number" }, String(each.documents)),
        h("td", {}, each.fields.map((field) => `${field.name}${field.key ? " (key)" : ""}`).join(", ")),
      ),
    );
    const columns = [["index"], ["documents", "number"], ["fields"]];
    fill(list, h("p", { class: "quiet" }, endpoint), table("Indexes", columns, rows, "There are no indexes."));
  }

  body.append(query, found, list);
  return { refresh, live: false };
}

export default { title: "Search", about: "Indexes of Azure AI Search, and what a search finds in them.", open };
