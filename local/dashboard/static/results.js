// What a query found, as a table or as JSON.

import { fill, h, table } from "./dom.js";
import { short } from "./format.js";

const MOST_COLUMNS = 14;
const SYSTEM = /^_(rid|self|attachments|etag|ts|lsn)$/;

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function columnsOf(items) {
  const names = new Set(items.flatMap((item) => (isObject(item) ? Object.keys(item) : [])));
  return [...names].filter((name) => !SYSTEM.test(name)).slice(0, MOST_COLUMNS);
}

function asTable(items) {
  const names = columnsOf(items);
  if (!names.length || !items.every(isObject)) {
    return table("Result", [["value"]], items.map((item) => h("tr", {}, h("td", {}, short(item)))), "Nothing was found.");
  }
  const cell = (value) => h("td", { title: short(value, 1000) }, value === undefined ? "" : short(value, 90));
  const rows = items.map((item) => h("tr", { "data-testid": "result" }, names.map((name) => cell(item[name]))));
  return table("Result", names.map((name) => [name]), rows, "Nothing was found.");
}

export function results(items, line) {
  const box = h("div");
  const views = {
    Table: () => asTable(items),
    JSON: () => h("pre", { class: "json", tabindex: "0" }, JSON.stringify(items, null, 2)),
  };
  const buttons = Object.keys(views).map((name) =>
    h("button", { type: "button", class: "small", "aria-pressed": "false", onclick: () => show(name) }, name),
  );
  function show(name) {
    fill(box, views[name]());
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.textContent === name));
  }
  show("Table");
  return h("div", { class: "results" }, h("div", { class: "bar" }, h("span", { "data-testid": "result-line" }, line), buttons), box);
}

/** Run on the button, and on Ctrl+Enter in any of the fields. */
export function form(run, ...children) {
  const button = h("button", { type: "submit", "data-testid": "run" }, "Run");
  const element = h("form", { class: "query" }, children, h("div", { class: "bar" }, button, h("small", { class: "quiet" }, "or Ctrl+Enter")));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await run();
    } finally {
      button.disabled = false;
    }
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) element.requestSubmit();
  });
  return element;
}
