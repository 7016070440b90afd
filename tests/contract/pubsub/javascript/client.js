// One client, driven line by line: a command as JSON on standard input, what happens as JSON on standard output.
import { createInterface } from "node:readline";
import { WebPubSubClient, WebPubSubJsonProtocol, WebPubSubJsonReliableProtocol } from "@azure/web-pubsub-client";

const [url, protocol] = process.argv.slice(2);
const client = new WebPubSubClient(url, {
  protocol: protocol === "reliable" ? WebPubSubJsonReliableProtocol() : WebPubSubJsonProtocol(),
});

const tell = (what, details) => console.log(JSON.stringify({ what, ...details }));
const readable = (message) =>
  message.dataType === "binary" || message.dataType === "protobuf"
    ? Buffer.from(message.data).toString("base64")
    : message.data;
const bytes = (base64) => Uint8Array.from(Buffer.from(base64, "base64")).buffer;

client.on("connected", (event) => tell("connected", { connectionId: event.connectionId, userId: event.userId }));
client.on("disconnected", (event) => tell("disconnected", { message: event.message?.message ?? null }));
client.on("stopped", () => tell("stopped"));
client.on("server-message", ({ message }) =>
  tell("server-message", { dataType: message.dataType, data: readable(message) }),
);
client.on("group-message", ({ message }) =>
  tell("group-message", {
    group: message.group,
    fromUserId: message.fromUserId ?? null,
    dataType: message.dataType,
    data: readable(message),
  }),
);

const commands = {
  start: () => client.start(),
  stop: () => client.stop(),
  joinGroup: ({ group }) => client.joinGroup(group),
  leaveGroup: ({ group }) => client.leaveGroup(group),
  sendToGroup: ({ group, data, dataType, noEcho = false, ackId }) =>
    client.sendToGroup(group, dataType === "binary" ? bytes(data) : data, dataType, { noEcho, ackId }),
  sendEvent: ({ event, data, dataType }) => client.sendEvent(event, data, dataType),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { does, ...details } = JSON.parse(line);
  Promise.resolve(commands[does](details)).then(
    (result) => tell("done", { does, isDuplicated: result?.isDuplicated ?? false }),
    (error) => tell("failed", { does, error: error.errorDetail?.name ?? String(error) }),
  );
}
process.exit(0);
