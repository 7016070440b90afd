import { get } from "./api.js";
import { fill, h, table, tag } from "./dom.js";
import { clock, megabytes } from "./format.js";

const KINDS = { up: "good", starting: "warn", down: "bad", stopped: "bad" };

function row(part, chosen, choose) {
  return h(
    "tr",
    { "data-testid": "part", "data-part": part.name },
    h("th", { scope: "row" }, part.name),
    h("td", {}, tag(part.state, KINDS[part.state]), part.restarts > 0 && tag(`restarted ${part.restarts} ×`, "warn")),
    h("td", { class: "number", "data-label": "process" }, part.process_id ?? "–"),
    h("td", { class: "number", "data-label": "port" }, part.ports.join(", ")),
    h("td", { class: "number", "data-label": "memory" }, megabytes(part.memory)),
    h("td", { class: "number", "data-label": "processor" }, part.cpuPercent === null ? "…" : `${part.cpuPercent.toFixed(1)} %`),
    h("td", { class: "number", "data-label": "up since" }, part.up_since === null ? "–" : clock(part.up_since)),
    h(
      "td",
      {},
      h(
        "button",
        { type: "button", class: "small", "aria-expanded": String(chosen), "data-key": part.name, onclick: choose },
        "Log",
      ),
    ),
  );
}

function open(body, part) {
  const list = h("div");
  const log = h("div");
  let chosen = part;

  const choose = (name) => {
    location.hash = chosen === name ? "parts" : `parts/${encodeURIComponent(name)}`;
  };

  async function refreshLog() {
    if (!chosen) {
      fill(log);
      return;
    }
    const { log: text } = await get(`/parts/${encodeURIComponent(chosen)}/log`);
    const box = log.querySelector("pre");
    if (log.dataset.part === chosen && box?.textContent === text) return;
    const followed = !box || log.dataset.part !== chosen || box.scrollTop + box.clientHeight >= box.scrollHeight - 8;
    log.dataset.part = chosen;
    const fresh = h("pre", { class: "log", tabindex: "0", "data-key": "log", "data-testid": "log" }, text);
    const top = box?.scrollTop ?? 0;
    fill(log, h("h3", {}, `Log of ${chosen}`), text ? fresh : h("p", { class: "quiet" }, "It has not said anything."));
    fresh.scrollTop = followed ? fresh.scrollHeight : top;
  }

  async function refresh() {
    const { parts, data } = await get("/parts");
    const columns = [["part"], ["state"], ["process", "number"], ["port", "number"], ["memory", "number"]];
    columns.push(["processor", "number"], ["up since", "number"], [""]);
    const rows = parts.map((each) => row(each, each.name === chosen, () => choose(each.name)));
    const sum = (field) => parts.reduce((total, each) => total + (each[field] ?? 0), 0);
    const crashes = parts.filter((each) => each.crash);
    fill(
      list,
      table("Parts", columns, rows, "No stack started this site: run `make run`."),
      h("p", { class: "quiet" }, `Together ${megabytes(sum("memory"))}, ${sum("cpuPercent").toFixed(1)} % of a core, `
        + `${sum("processes")} processes. Data and logs are in ${data}.`),
      crashes.map((each) =>
        h(
          "details",
          { class: "crash", "data-key": `crash ${each.name}`, open: each.state !== "up" },
          h("summary", {}, each.state === "up" ? `Last crash of ${each.name}` : `${each.name} is down`),
          h("pre", {}, each.crash),
        ),
      ),
    );
    list.firstElementChild.classList.add("narrow-parts");
    await refreshLog();
  }

  body.append(list, log);
  return { refresh, go: (name) => { chosen = name; refresh(); } };
}

export default {
  title: "Parts",
  about: "What runs on this machine. A part that crashes is started again; its last words are kept below.",
  open,
};
