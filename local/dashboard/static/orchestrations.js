import { get } from "./api.js";
import { fill, h, table, tag } from "./dom.js";
import { milliseconds, moment, pretty } from "./format.js";

const KINDS = { Completed: "good", Failed: "bad", Terminated: "bad", Running: "info", Pending: "info", Suspended: "warn" };
const STATES = ["Running", "Pending", "Completed", "Failed", "Terminated", "Suspended", "ContinuedAsNew", "Canceled"];

const time = (text) => new Date(text).getTime();

function texts(...pairs) {
  return pairs
    .filter(([, text]) => text !== null && text !== undefined)
    .map(([title, text]) => h("div", { class: "text" }, h("h4", {}, title), h("pre", {}, pretty(text))));
}

/** A row of the timeline: opens to what went in and what came out. */
function bar(each, number, scale) {
  const end = each.end === null ? scale.end : time(each.end);
  const mark = h("span", { class: `mark ${each.state} ${each.kind.replace(" ", "-")}` });
  mark.style.left = `${scale.share(time(each.begin))}%`;
  mark.style.width = `${Math.max(0.4, scale.share(end) - scale.share(time(each.begin)))}%`;
  const took = each.state === "waiting" ? `${milliseconds(end - time(each.begin))} …` : milliseconds(end - time(each.begin));
  return h(
    "details",
    { class: "row", "data-key": `bar ${number}`, "data-testid": "bar", "data-state": each.state },
    h(
      "summary",
      { "data-key": `summary ${number}` },
      h("span", { class: "name" }, each.name, each.kind !== "activity" && h("small", {}, ` ${each.kind}`)),
      h("span", { class: "track" }, mark),
      h("span", { class: "took" }, took, each.state === "failed" && tag("failed", "bad")),
    ),
    h("p", { class: "quiet" }, `${each.state}; begun ${milliseconds(time(each.begin) - scale.begin)} after the start`),
    each.instance && h("p", {}, h("a", { href: `#orchestrations/${encodeURIComponent(each.instance)}` }, each.instance)),
    texts(["Input", each.input], [each.state === "failed" ? "Reason" : "Result", each.result], ["Details", each.details]),
  );
}

function scaleOf(instance, bars, points) {
  const moments = [instance.created, instance.updated, ...points.map((each) => each.time)].map(time);
  for (const each of bars) moments.push(time(each.begin), each.end === null ? Date.now() : time(each.end));
  const begin = Math.min(...moments);
  const end = Math.max(...moments, begin + 1);
  return { begin, end, share: (at) => (100 * (at - begin)) / (end - begin) };
}

function timeline(instance) {
  const scale = scaleOf(instance, instance.bars, instance.points);
  const axis = [0, 25, 50, 75, 100].map((share) => {
    const label = h("span", {}, milliseconds(((scale.end - scale.begin) * share) / 100));
    label.style.left = `${share}%`;
    return label;
  });
  const at = (kind, moments) =>
    moments.map(([when, title]) => {
      const mark = h("i", { class: kind, title });
      mark.style.left = `${scale.share(time(when))}%`;
      return mark;
    });
  return h(
    "div",
    { class: "timeline", "data-testid": "timeline" },
    h("div", { class: "row axis", "aria-hidden": "true" }, h("span", { class: "name" }), h("span", { class: "track" }, axis)),
    h(
      "div",
      { class: "row moments" },
      h("span", { class: "name" }, `${instance.turns.length} turns`, h("small", {}, ` ${instance.events} events`)),
      h(
        "span",
        { class: "track" },
        at("turn", instance.turns.map((when) => [when, `turn ${moment(when)}`])),
        at("point", instance.points.map((each) => [each.time, `${each.event} ${each.name ?? ""}`])),
      ),
      h("span", { class: "took" }, milliseconds(scale.end - scale.begin)),
    ),
    instance.bars.map((each, number) => bar(each, number, scale)),
  );
}

function detail(instance) {
  return [
    h("h3", {}, instance.name, " ", tag(instance.status, KINDS[instance.status])),
    h("p", { class: "quiet id" }, instance.id, ` · created ${moment(instance.created)}`),
    instance.parent && h("p", {}, "called by ", h("a", { href: `#orchestrations/${encodeURIComponent(instance.parent)}` }, instance.parent)),
    instance.waiting.length > 0 && h("p", {}, "waits to be taken in: ", instance.waiting.map((each) => tag(each.name ?? each.event))),
    timeline(instance),
    h(
      "div",
      { class: "texts" },
      texts(["Input", instance.input], ["Output", instance.output], ["Custom status", instance.custom_status]),
    ),
  ];
}

function open(body, instance) {
  let chosen = instance;
  let before = "";
  const list = h("div");
  const pane = h("article", { class: "pane", "aria-label": "Instance" });
  const state = h(
    "select",
    { "aria-label": "Status", onchange: () => refresh() },
    h("option", { value: "" }, "every status"),
    STATES.map((each) => h("option", { value: each }, each)),
  );
  const text = h("input", { type: "search", placeholder: "id or name", "aria-label": "Filter", oninput: () => refresh() });

  async function refreshPane() {
    if (!chosen) {
      fill(pane, h("p", { class: "quiet" }, "Choose an instance to see its history."));
      return;
    }
    const found = await get(`/orchestrations/${encodeURIComponent(chosen)}`);
    const now = JSON.stringify(found);
    const ends = found.bars.every((each) => each.end !== null);
    if (now !== before || !ends) fill(pane, detail(found));
    before = now;
  }

  async function refresh() {
    const query = new URLSearchParams({ status: state.value, contains: text.value.trim() });
    const { counts, instances } = await get(`/orchestrations?${query}`);
    for (const option of state.options) {
      if (option.value) option.textContent = `${option.value} (${counts[option.value] ?? 0})`;
    }
    const rows = instances.map((each) =>
      h(
        "tr",
        { "data-testid": "orchestration", class: each.id === chosen && "chosen" },
        h("td", {}, h("a", { href: `#orchestrations/${encodeURIComponent(each.id)}`, "data-key": each.id }, each.name), h("small", { class: "id" }, each.id)),
        h("td", {}, tag(each.status, KINDS[each.status])),
        h("td", { class: "number" }, moment(each.created), h("small", {}, milliseconds(time(each.updated) - time(each.created)))),
      ),
    );
    fill(list, table("Instances", [["instance"], ["status"], ["created", "number"]], rows, "No instance matches."));
    await refreshPane();
  }

  body.append(h("div", { class: "bar" }, state, text), h("div", { class: "split" }, list, pane));
  return { refresh, go: (id) => { chosen = id; before = ""; refresh().then(() => pane.scrollIntoView({ block: "nearest" })); } };
}

export default {
  title: "Orchestrations",
  about: "Durable instances, newest first, and the history of one as a timeline: what ran, when, and what it gave.",
  open,
};
