import { get, put, Refused } from "./api.js";
import { fill, h, problem, tag } from "./dom.js";

const KINDS = [
  { name: "latency", title: "Add latency", field: "milliseconds", unit: "ms", least: 0, most: 60000 },
  { name: "throttling", title: "Answer 429", field: "retry_after_milliseconds", unit: "ms to wait", least: 0, most: 300000 },
  { name: "failure", title: "Answer 5xx", field: "status", unit: "status", least: 500, most: 599 },
  { name: "drop", title: "Drop the connection", field: "moment", choices: { before: "before it is handled", after: "after it is handled" } },
];

const isOn = (faults) => KINDS.some(({ name }) => faults[name].probability > 0);

function control({ name, title, field, unit, least, most, choices }, part, faults) {
  const chance = h("input", {
    type: "number", min: "0", max: "100", step: "any", name: `${name}.probability`, "aria-label": `${part}: ${title}, per cent of requests`,
    value: String(Math.round(faults[name].probability * 1000) / 10),
  });
  const label = `${part}: ${title}, ${choices ? "when" : unit}`;
  const setting = choices
    ? h("select", { name: `${name}.${field}`, "aria-label": label }, Object.entries(choices).map(([value, text]) => h("option", { value }, text)))
    : h("input", { type: "number", min: least, max: most, step: "1", name: `${name}.${field}`, "aria-label": label });
  setting.value = String(faults[name][field]);
  return h("div", { class: "fault" }, h("span", {}, title), h("label", {}, chance, " %"), h("label", {}, setting, unit && ` ${unit}`));
}

function read(form) {
  const values = Object.fromEntries(new FormData(form));
  const faults = { path: values.path.trim() };
  for (const { name, field, choices } of KINDS) {
    const setting = values[`${name}.${field}`];
    faults[name] = { probability: Number(values[`${name}.probability`]) / 100, [field]: choices ? setting : Number(setting) };
  }
  return faults;
}

function open(body) {
  function card(part, faults) {
    const box = h("section", { class: "card faults", "data-testid": "faults", "data-part": part, "aria-label": `Faults of ${part}` });
    const said = h("div", { "aria-live": "polite" });

    async function set(wanted) {
      try {
        show(await put(`/faults/${encodeURIComponent(part)}`, wanted));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        fill(said, problem(error.message));
      }
    }

    function show(now) {
      if (now.error) {
        fill(box, h("h3", {}, part), problem(now.error));
        return;
      }
      const path = h("input", { name: "path", maxlength: "200", placeholder: "every path", "aria-label": `${part}: only paths that hold` });
      path.value = now.path;
      const form = h(
        "form",
        {},
        KINDS.map((kind) => control(kind, part, now)),
        h("label", { class: "fault" }, h("span", {}, "Only paths that hold"), path),
        h(
          "div",
          { class: "bar" },
          h("button", { type: "submit", "data-key": "apply" }, "Apply"),
          h("button", { type: "button", class: "plain", "data-key": "off", onclick: () => set({}) }, "All off"),
        ),
        said,
      );
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        set(read(form));
      });
      fill(said);
      fill(box, h("h3", {}, part, " ", isOn(now) ? tag("on", "bad") : tag("off")), form);
    }

    show(faults);
    return box;
  }

  async function refresh() {
    const answer = await get("/faults");
    fill(body, h("div", { class: "columns" }, Object.entries(answer).map(([part, faults]) => card(part, faults))));
  }

  return { refresh, live: false };
}

export default {
  title: "Faults",
  about: "What a part does to its callers now and then, as the cloud does on a bad day. Off when the part starts anew. "
    + "This page is never touched by faults.",
  open,
};
