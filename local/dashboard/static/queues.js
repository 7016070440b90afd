import { get } from "./api.js";
import { fill, h, table, tag } from "./dom.js";
import { moment, pretty } from "./format.js";

function message(each, number) {
  return h(
    "details",
    { class: "message", "data-key": `message ${each.id}`, open: number === 0, "data-testid": "queue-message" },
    h(
      "summary",
      { "data-key": `summary ${each.id}` },
      each.inserted ? moment(each.inserted) : "",
      tag(`delivered ${each.dequeueCount} ×`, each.dequeueCount > 1 ? "warn" : ""),
      each.base64 && tag("base64"),
    ),
    h("pre", {}, pretty(each.text)),
  );
}

function open(body, queue) {
  let chosen = queue;
  const list = h("div");
  const pane = h("article", { class: "pane", "aria-label": "Messages" });

  async function refresh() {
    const { queues } = await get("/queues");
    queues.sort((one, other) => Number(other.poison && other.messages > 0) - Number(one.poison && one.messages > 0));
    const rows = queues.map((each) =>
      h(
        "tr",
        { "data-testid": "queue", class: each.name === chosen && "chosen" },
        h("td", {}, h("a", { href: `#queues/${encodeURIComponent(each.name)}`, "data-key": each.name }, each.name), each.poison && tag("poison", each.messages > 0 ? "bad" : "")),
        h("td", { class: "number" }, String(each.messages)),
      ),
    );
    fill(list, table("Queues", [["queue"], ["messages", "number"]], rows, "There are no queues."));
    if (!chosen) {
      fill(pane, h("p", { class: "quiet" }, "Choose a queue to look at its first messages; looking takes none away."));
      return;
    }
    const { messages } = await get(`/queues/${encodeURIComponent(chosen)}`);
    const now = JSON.stringify([chosen, messages]);
    if (pane.dataset.shown === now) return;
    pane.dataset.shown = now;
    fill(pane, h("h3", {}, chosen), messages.length ? messages.map(message) : h("p", { class: "quiet" }, "No message waits to be seen."));
  }

  body.append(h("div", { class: "split" }, list, pane));
  return { refresh, go: (name) => { chosen = name; refresh(); } };
}

export default {
  title: "Queues",
  about: "Queues of the storage account. What failed again and again is kept in the queue that ends in -poison.",
  open,
};
