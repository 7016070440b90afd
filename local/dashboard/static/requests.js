import { get } from "./api.js";
import { fill, h, table, tag } from "./dom.js";
import { clock, milliseconds } from "./format.js";

const kind = (status) => (status === 0 || status >= 500 ? "bad" : status >= 400 ? "warn" : "good");

function summary(name, part) {
  if (part.error) return h("li", { class: "card" }, h("b", {}, name), h("span", { class: "quiet" }, part.error));
  const classes = Object.entries(part.byClass).map(([each, count]) =>
    tag(`${each} ${count}`, each === "5xx" || each === "dropped" ? "bad" : each === "4xx" ? "warn" : ""),
  );
  return h(
    "li",
    { class: "card" },
    h("b", {}, name),
    h("span", {}, `${part.total} requests · p50 ${milliseconds(part.p50)} · p95 ${milliseconds(part.p95)}`),
    h("span", {}, classes, part.faulted > 0 && tag(`${part.faulted} with a fault`, "warn")),
  );
}

function row({ part, time, method, path, status, milliseconds: took, fault }) {
  return h(
    "tr",
    { "data-testid": "request" },
    h("td", { class: "number" }, clock(time)),
    h("td", {}, part),
    h("td", {}, method),
    h("td", { class: "path" }, path, fault && tag(fault, "warn")),
    h("td", { class: "number" }, tag(status === 0 ? "dropped" : String(status), kind(status))),
    h("td", { class: "number" }, milliseconds(took)),
  );
}

function open(body) {
  const cards = h("ul", { class: "cards" });
  const list = h("div");
  const from = h("select", { "aria-label": "Part", onchange: () => draw() }, h("option", { value: "" }, "all parts"));
  const text = h("input", { type: "search", placeholder: "path or status", "aria-label": "Filter", oninput: () => draw() });
  const onlyBad = h("input", { type: "checkbox", onchange: () => draw() });
  let parts = {};

  function draw() {
    const wanted = text.value.trim().toLowerCase();
    const found = Object.entries(parts)
      .filter(([name]) => !from.value || from.value === name)
      .flatMap(([part, { requests = [] }]) => requests.map((each) => ({ part, ...each })))
      .filter(({ status }) => !onlyBad.checked || status === 0 || status >= 400)
      .filter(({ path, status }) => !wanted || path.toLowerCase().includes(wanted) || String(status) === wanted)
      .sort((one, other) => other.time - one.time)
      .slice(0, 120);
    const columns = [["time", "number"], ["part"], ["method"], ["path"], ["status", "number"], ["took", "number"]];
    fill(list, table("Requests", columns, found.map(row), "No requests yet."));
    list.firstElementChild.classList.add("narrow-requests");
  }

  async function refresh() {
    const answer = await get("/requests");
    if (JSON.stringify(answer) === JSON.stringify(parts)) return;
    parts = answer;
    for (const name of Object.keys(parts)) {
      if (![...from.options].some((option) => option.value === name)) from.append(h("option", { value: name }, name));
    }
    fill(cards, Object.entries(parts).map(([name, part]) => summary(name, part)));
    draw();
  }

  body.append(cards, h("div", { class: "bar" }, from, text, h("label", {}, onlyBad, " refused and failed only")), list);
  return { refresh };
}

export default {
  title: "Requests",
  about: "The last requests to each part, newest first. Of queries only the names are kept; bodies and headers never.",
  open,
};
