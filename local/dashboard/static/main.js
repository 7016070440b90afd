// The frame: which section is shown, and when it looks again.

import { get, Refused } from "./api.js";
import { fill, h, problem } from "./dom.js";
import connections from "./connections.js";
import documents from "./documents.js";
import faults from "./faults.js";
import indexes from "./indexes.js";
import orchestrations from "./orchestrations.js";
import parts from "./parts.js";
import queues from "./queues.js";
import requests from "./requests.js";

const EVERY = 2000;
const SECTIONS = { parts, requests, orchestrations, queues, connections, documents, indexes, faults };

const content = document.getElementById("content");
const lamps = document.getElementById("lamps");
const liveButton = document.getElementById("live");
let live = true;
let shown;

function place() {
  const [name, ...rest] = location.hash.slice(1).split("/");
  return { name: name in SECTIONS ? name : "parts", rest: rest.map(decodeURIComponent).join("/") };
}

function show() {
  if (location.hash === "#content") return;
  const { name, rest } = place();
  for (const link of document.querySelectorAll("#sections a")) {
    if (link.dataset.section === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (shown?.name === name) {
    shown.section.go?.(rest);
    return;
  }
  const body = h("div", { class: "section" });
  const trouble = h("div", { "aria-live": "polite" });
  const { title, about, open } = SECTIONS[name];
  fill(content, h("h2", {}, title), h("p", { class: "quiet about" }, about), trouble, body);
  document.title = `${title} · Local stack`;
  shown = { name, trouble, section: open(body, rest), said: "" };
  document.querySelector("#sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  refresh();
}

/** Look again; a section that cannot be shown says why and keeps what it showed. */
async function refresh() {
  const now = shown;
  let said = "";
  try {
    await now.section.refresh?.();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    said = error.message;
  }
  if (said !== now.said) fill(now.trouble, said && problem(said));
  now.said = said;
}

async function look() {
  let states = [];
  try {
    states = (await get("/parts")).parts;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  const lamp = ({ name, state }) =>
    h("li", { class: `lamp ${state}`, title: `${name}: ${state}` }, name, h("span", { class: "hidden" }, ` ${state}`));
  fill(lamps, states.length ? states.map(lamp) : h("li", { class: "lamp down" }, "the site does not answer"));
}

async function tick() {
  if (live && !document.hidden) await Promise.allSettled([look(), shown.section.live === false ? null : refresh()]);
  setTimeout(tick, EVERY);
}

liveButton.addEventListener("click", () => {
  live = !live;
  liveButton.setAttribute("aria-pressed", String(live));
  liveButton.textContent = live ? "Live" : "Paused";
});

fill(
  document.getElementById("sections"),
  Object.entries(SECTIONS).map(([name, { title }]) => h("a", { href: `#${name}`, "data-section": name }, title)),
);
window.addEventListener("hashchange", show);
show();
tick();
