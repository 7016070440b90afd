/** The one socket of a page: connects, stays connected, and says truthfully whether it is. */

import { WebPubSubClient, WebPubSubJsonReliableProtocol } from "@azure/web-pubsub-client";
import { type ServerEvent, serverEvent } from "./events";

/** `refused`: the server no longer accepts the token, so trying again is of no use. */
export type ConnectionState = "connecting" | "connected" | "reconnecting" | "refused" | "stopped";

export interface ClientEvents {
  typing: { conversation_id: string };
  read: { conversation_id: string; seq: number };
  watch: { conversation_id: string; watching: boolean };
}

/** What the rest of the front end needs of a connection. */
export interface Live {
  readonly state: ConnectionState;
  /** Both answer the function that ends the subscription. */
  onEvent(listener: (event: ServerEvent) => void): () => void;
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Resolves when the server has handled the event; rejects when the socket is down or it failed. */
  send<K extends keyof ClientEvents>(event: K, data: ClientEvents[K]): Promise<void>;
}

export interface ConnectionOptions {
  /** Obtains a fresh socket URL; called before each new connection. */
  negotiate: () => Promise<string>;
  /** Whether a failure of `negotiate` is final. */
  isFinal: (thrown: unknown) => boolean;
  /** Pause before the n-th attempt in a row (1, 2, …), in milliseconds. */
  pause?: (attempt: number) => number;
  /** How often the socket is looked at, in milliseconds. */
  probeEvery?: number;
}

const OPENING_LIMIT_MS = 15_000;
/** The client itself gives a recovery up after 30 s. */
const RECOVERY_LIMIT_MS = 35_000;

export class LiveConnection implements Live {
  #state: ConnectionState = "stopped";
  #client: WebPubSubClient | null = null;
  #run = 0;
  #wake: (() => void) | null = null;
  #abandon: (() => void) | null = null;
  readonly #events = new Set<(event: ServerEvent) => void>();
  readonly #states = new Set<(state: ConnectionState) => void>();

  constructor(private readonly options: ConnectionOptions) {}

  get state(): ConnectionState {
    return this.#state;
  }

  start(): void {
    if (this.#state !== "stopped" && this.#state !== "refused") return;
    this.#run += 1;
    this.#change("connecting");
    void this.#keepConnected(this.#run);
  }

  stop(): void {
    this.#run += 1;
    this.#wake?.();
    this.#abandon?.();
    this.#client = null;
    this.#change("stopped");
  }

  /**
   * The network came back, or the page is looked at again after a while: cuts a pause short. A socket that
   * still seems open may have missed something in its sleep, so the listeners are told anew that it is there.
   */
  hurry(): void {
    this.#wake?.();
    if (this.#state === "connected") for (const listener of this.#states) listener(this.#state);
  }

  onEvent(listener: (event: ServerEvent) => void): () => void {
    this.#events.add(listener);
    return () => this.#events.delete(listener);
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  async send<K extends keyof ClientEvents>(event: K, data: ClientEvents[K]): Promise<void> {
    if (!this.#client) throw new Error("The connection is down.");
    await this.#client.sendEvent(event, data, "json");
  }

  async #keepConnected(run: number): Promise<void> {
    let attempt = 0;
    while (run === this.#run) {
      try {
        const url = await this.options.negotiate();
        if (run !== this.#run) return;
        await this.#live(url, run, () => {
          attempt = 0;
        });
      } catch (thrown) {
        if (run === this.#run && this.options.isFinal(thrown)) {
          this.#change("refused");
          return;
        }
      }
      if (run !== this.#run) return;
      this.#change("reconnecting");
      attempt += 1;
      await this.#pause((this.options.pause ?? growingPause)(attempt));
    }
  }

  /** Lives one connection from its opening to its end. */
  async #live(url: string, run: number, onConnected: () => void): Promise<void> {
    const client = new WebPubSubClient(
      { getClientAccessUrl: () => Promise.resolve(url) },
      {
        protocol: probing(),
        // Each new connection needs a fresh URL and a fresh look at who is signed in, so it is made here.
        autoReconnect: false,
        messageRetryOptions: { maxRetries: 0 },
      },
    );
    const current = () => run === this.#run;
    const over = new Promise<false>((resolve) => client.on("stopped", () => resolve(false)));
    const connected = new Promise<true>((resolve) => client.on("connected", () => resolve(true)));
    const deliver = (data: unknown) => {
      const event = serverEvent(data);
      if (event && current()) for (const listener of this.#events) listener(event);
    };
    client.on("group-message", ({ message }) => deliver(message.data));
    client.on("server-message", ({ message }) => deliver(message.data));
    let probe: ReturnType<typeof setInterval> | undefined;
    try {
      const opened = await withinLimit(client.start().then(() => Promise.race([connected, over])));
      if (!opened || !current()) return;
      this.#client = client;
      onConnected();
      this.#change("connected");
      probe = setInterval(() => void this.#look(client, current), this.options.probeEvery ?? 1_000);
      await Promise.race([over, this.#abandoned()]);
    } finally {
      clearInterval(probe);
      if (this.#client === client) this.#client = null;
      end(client, over);
    }
  }

  #abandoned(): Promise<void> {
    return new Promise((resolve) => {
      this.#abandon = resolve;
    });
  }

  async #look(client: WebPubSubClient, current: () => boolean): Promise<void> {
    const open = await isOpen(client);
    if (current() && this.#client === client) this.#change(open ? "connected" : "reconnecting");
  }

  #change(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#states) listener(state);
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** At once, then ever longer up to 15 s; with jitter, so that clients do not all return together. */
function growingPause(attempt: number): number {
  return attempt === 1
    ? 200 * Math.random()
    : Math.min(15_000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2);
}

const PROBE = "probe";

class ProbeReached extends Error {}

/**
 * The client recovers a dropped socket silently, for up to 30 s. A page that says "connected" meanwhile
 * would lie. So this protocol refuses to write one particular event: reaching the refusal proves that
 * the socket is open, as the client checks that before it writes, and nothing is sent.
 */
function probing(): ReturnType<typeof WebPubSubJsonReliableProtocol> {
  const protocol = WebPubSubJsonReliableProtocol();
  return {
    name: protocol.name,
    isReliableSubProtocol: protocol.isReliableSubProtocol,
    parseMessages: (input) => protocol.parseMessages(input),
    writeMessage(message) {
      if (message.kind === "sendEvent" && message.event === PROBE) throw new ProbeReached();
      return protocol.writeMessage(message);
    },
  };
}

async function isOpen(client: WebPubSubClient): Promise<boolean> {
  try {
    await client.sendEvent(PROBE, "", "text", { fireAndForget: true });
    return true;
  } catch (thrown) {
    return thrown instanceof ProbeReached;
  }
}

/** A client told to stop while it recovers its socket recovers all the same; so it is told until it has. */
function end(client: WebPubSubClient, over: Promise<unknown>): void {
  client.stop();
  const again = setInterval(() => client.stop(), 500);
  const enough = setTimeout(() => clearInterval(again), RECOVERY_LIMIT_MS);
  void over.then(() => {
    clearInterval(again);
    clearTimeout(enough);
  });
}

async function withinLimit<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The socket did not open in time.")), OPENING_LIMIT_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
