// Elements, and how they are replaced without taking the keyboard's place away. Text is only ever set as text.

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Put children in the place of those before; what had the focus, or was open, has it again (found by data-key). */
export function fill(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const open = new Set([...parent.querySelectorAll("details[open][data-key]")].map((each) => each.dataset.key));
  parent.replaceChildren(...children.flat(Infinity).filter(Boolean));
  for (const details of parent.querySelectorAll("details[data-key]")) {
    if (open.has(details.dataset.key)) details.open = true;
  }
  if (focused !== undefined) {
    [...parent.querySelectorAll("[data-key]")].find((each) => each.dataset.key === focused)?.focus({ preventScroll: true });
  }
}

let held = null;

/** Wait while the mouse button is down: what is replaced between press and release never gets its click. */
export async function released() {
  await held?.promise;
}

window.addEventListener(
  "pointerdown",
  (event) => {
    if (held !== null || event.button !== 0) return;
    held = {};
    held.promise = new Promise((resolve) => (held.end = resolve));
  },
  true,
);
for (const end of ["pointerup", "pointercancel", "blur"]) {
  window.addEventListener(
    end,
    ({ type, target }) => {
      if (type === "blur" && target !== window) return; // of a field, which the press itself takes the focus from
      const ended = held;
      held = null;
      setTimeout(() => ended?.end()); // after the click, which follows at once
    },
    true,
  );
}

/** A table in a box that scrolls by itself; `columns` are [title, class]. */
export function table(label, columns, rows, empty) {
  if (rows.length === 0) return h("p", { class: "quiet" }, empty);
  const head = columns.map(([title, kind]) => h("th", { scope: "col", class: kind }, title));
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": label, "data-key": `table ${label}` },
    h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)),
  );
}

export function problem(text) {
  return h("p", { class: "problem", role: "status", "data-testid": "problem" }, text);
}

export function tag(text, kind = "") {
  return h("span", { class: `tag ${kind}` }, text);
}
