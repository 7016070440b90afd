import { get, post, Refused } from "./api.js";
import { fill, h, problem, table } from "./dom.js";
import { milliseconds } from "./format.js";
import { form, results } from "./results.js";

/** A partition key as typed: JSON for a number, a list or null, else the text itself. */
function keyOf(text) {
  if (!text.trim()) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text.trim();
  }
}

function open(body) {
  const list = h("div");
  const found = h("div", { "aria-live": "polite" });
  const container = h("select", { id: "container" });
  const key = h("input", { id: "key", placeholder: "all partitions", autocomplete: "off" });
  const query = h("textarea", { id: "query", rows: "4", spellcheck: "false", "data-testid": "query" });
  query.value = "SELECT * FROM c ORDER BY c._ts DESC OFFSET 0 LIMIT 20";

  async function run() {
    const [database, name] = container.value.split("/");
    try {
      const answer = await post("/documents/query", { database, container: name, query: query.value, partitionKey: keyOf(key.value) });
      const count = `${answer.items.length}${answer.more ? "+" : ""} items · ${answer.charge} RU · ${milliseconds(answer.milliseconds)}`;
      fill(found, results(answer.items, count));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fill(found, problem(error.message));
    }
  }

  async function refresh() {
    const { endpoint, containers } = await get("/documents");
    const chosen = container.value;
    container.replaceChildren(
      ...containers.map((each) => h("option", { value: `${each.database}/${each.container}` }, `${each.database} / ${each.container}`)),
    );
    if (chosen) container.value = chosen;
    const rows = containers.map((each) =>
      h(
        "tr",
        { "data-testid": "container" },
        h("td", {}, `${each.database} / ${each.container}`),
        h("td", {}, each.partitionKey.join(", ")),
        h("td", {}, each.defaultTtl === null ? "–" : each.defaultTtl === -1 ? "per item" : `${each.defaultTtl} s`),
        h("td", { class: "number" }, String(each.items)),
      ),
    );
    const columns = [["container"], ["partition key"], ["expiry"], ["items", "number"]];
    fill(list, h("p", { class: "quiet" }, endpoint), table("Containers", columns, rows, "There are no containers."));
  }

  const again = h("button", { type: "button", class: "small", onclick: () => refresh() }, "Count again");
  const fields = h("div", { class: "fields" }, h("label", {}, "Container", container), h("label", {}, "Partition key", key));
  body.append(form(run, fields, h("label", {}, "Query", query)), found, h("div", { class: "bar" }, h("h3", {}, "Containers"), again), list);
  return { refresh, live: false };
}

export default { title: "Documents", about: "Containers of Cosmos DB, and what a query finds in them: at most 100 items.", open };
