/** A Web PubSub service on a free port of the loopback address, as far as one client notices. */

import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { ServerEvent } from "../live/events";

const SUBPROTOCOL = "json.reliable.webpubsub.azure.v1";

export interface ClientEvent {
  event: string;
  data: unknown;
}

export class SocketService {
  /** Events that clients sent, in order. */
  readonly heard: ClientEvent[] = [];
  #server: WebSocketServer | null = null;
  #port = 0;
  #sequence = 0;
  #connections = 0;
  #recoverable = new Set<string>();
  #waiting: (() => void)[] = [];

  async open(): Promise<void> {
    const server = new WebSocketServer({
      host: "127.0.0.1",
      port: this.#port,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
    server.on("connection", (socket, request) => this.#welcome(socket, request.url ?? ""));
    await new Promise<void>((resolve) => server.once("listening", resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/client/hubs/desk?access_token=token`;
  }

  publish(event: ServerEvent): void {
    this.#sequence += 1;
    const frame = { type: "message", from: "group", group: "g", dataType: "json", data: event };
    this.#toAll({ ...frame, sequenceId: this.#sequence });
  }

  /** Ends every connection without a close frame, as a lost network does, and forgets them. */
  async cut({ recoverable = false } = {}): Promise<void> {
    if (!recoverable) this.#recoverable.clear();
    const server = this.#server;
    this.#server = null;
    for (const socket of server?.clients ?? []) socket.terminate();
    await new Promise((resolve) => server?.close(resolve));
  }

  /** Resolves as soon as `condition` holds, looking after each frame that arrives. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #welcome(socket: WebSocket, url: string): void {
    const recovering = new URL(url, "http://service").searchParams.get("awps_connection_id");
    socket.on("message", (raw) => this.#hear(socket, JSON.parse(String(raw))));
    if (recovering !== null) {
      if (!this.#recoverable.has(recovering)) socket.close(1008);
      return;
    }
    this.#connections += 1;
    this.#sequence = 0;
    const connectionId = `connection-${this.#connections}`;
    this.#recoverable.add(connectionId);
    const connected = { type: "system", event: "connected", connectionId, reconnectionToken: "again" };
    socket.send(JSON.stringify(connected));
  }

  #hear(socket: WebSocket, frame: { type: string; ackId?: number; event?: string; data?: unknown }): void {
    if (frame.type === "event") this.heard.push({ event: frame.event ?? "", data: frame.data });
    if (frame.ackId !== undefined) {
      socket.send(JSON.stringify({ type: "ack", ackId: frame.ackId, success: true }));
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #toAll(frame: unknown): void {
    for (const socket of this.#server?.clients ?? []) socket.send(JSON.stringify(frame));
  }
}

/** Resolves when the condition holds; `subscribe` calls back on every change. */
export function reached(
  condition: () => boolean,
  subscribe: (changed: () => void) => () => void,
): Promise<void> {
  return new Promise((resolve) => {
    if (condition()) {
      resolve();
      return;
    }
    const end = subscribe(() => {
      if (!condition()) return;
      end();
      resolve();
    });
  });
}
