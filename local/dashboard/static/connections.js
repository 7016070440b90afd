import { get } from "./api.js";
import { fill, h, table, tag } from "./dom.js";

function connection(each) {
  return h(
    "tr",
    { "data-testid": "connection" },
    h("td", {}, each.userId ?? h("span", { class: "quiet" }, "no user"), h("small", { class: "id" }, each.connectionId)),
    h("td", {}, each.connected ? tag("open", "good") : tag("may come back", "warn")),
    h("td", {}, each.groups.map((group) => tag(group))),
    h("td", {}, each.subprotocol ?? "–"),
    h("td", { class: "number" }, String(each.unacknowledged)),
  );
}

function hub({ hub: name, connections, groups }) {
  const columns = [["user and connection"], ["socket"], ["groups"], ["subprotocol"], ["unacknowledged", "number"]];
  const rows = Object.entries(groups).map(([group, members]) =>
    h("tr", {}, h("td", {}, group), h("td", { class: "number" }, String(members))),
  );
  return [
    h("h3", {}, `Hub ${name}`),
    table(`Connections of ${name}`, columns, connections.map(connection), "Nobody is connected."),
    table(`Groups of ${name}`, [["group"], ["members", "number"]], rows, "There are no groups."),
  ];
}

function open(body) {
  let before = "";
  async function refresh() {
    const answer = await get("/connections");
    const now = JSON.stringify(answer);
    if (now === before) return;
    before = now;
    fill(body, answer.hubs.length ? answer.hubs.map(hub) : h("p", { class: "quiet" }, "Nobody has connected yet."));
  }
  return { refresh };
}

export default { title: "Connections", about: "Live sockets of Web PubSub, who holds them, and the groups they are in.", open };
