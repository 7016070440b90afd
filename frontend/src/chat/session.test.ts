import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OutgoingText } from "../api/client";
import type { Message, MessagePage } from "../api/models";
import { ApiProblem, unreachable } from "../api/problem";
import { LiveConnection } from "../live/connection";
import { aConversation, aMessage } from "../testing/builders";
import { reached, SocketService } from "../testing/socketService";
import { Reminder } from "./reminder";
import { ThreadSession } from "./session";
import type { ThreadState } from "./thread";

const HERE = "conversation-1";

/** What the server keeps: a message once for each client's id. */
class Stored {
  readonly messages: Message[] = [];
  /** How many of the next requests get no answer, although the message is stored. */
  lost = 0;
  refuse: ApiProblem | null = null;
  reads = 0;
  #onRead: () => void = () => undefined;

  /** Resolves once the messages have been read so often. */
  readTimes(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#onRead = () => {
        if (this.reads >= count) resolve();
      };
    });
  }

  add(change: Partial<Message> = {}): Message {
    const message = aMessage({ seq: this.messages.length + 1, ...change });
    this.messages.push(message);
    return message;
  }

  readonly post = async ({ clientMessageId, text }: OutgoingText): Promise<Message> => {
    if (this.refuse) throw this.refuse;
    const held = this.messages.find(({ client_message_id }) => client_message_id === clientMessageId);
    const message =
      held ?? this.add({ client_message_id: clientMessageId, text_content: text, sender: "agent" });
    if (this.lost > 0) {
      this.lost -= 1;
      throw unreachable();
    }
    return message;
  };

  readonly read = async (_: string, afterSeq: number): Promise<MessagePage<Message>> => {
    this.reads += 1;
    this.#onRead();
    const messages = structuredClone(this.messages.filter(({ seq }) => seq > afterSeq));
    return { messages, last_seq: this.messages.length, more: false };
  };
}

let service: SocketService;
let live: LiveConnection;
let stored: Stored;
let session: ThreadSession<Message>;
let unlisten: () => void;

const until = (condition: (state: ThreadState<Message>) => boolean) =>
  reached(() => condition(session.state()), session.subscribe);
const seqs = () => session.state().messages.map(({ seq }) => seq);

beforeEach(async () => {
  service = new SocketService();
  await service.open();
  stored = new Stored();
  live = new LiveConnection({
    negotiate: async () => service.url,
    isFinal: () => false,
    pause: () => 5,
    probeEvery: 10,
  });
  session = new ThreadSession<Message>({
    live,
    side: "agent",
    read: stored.read,
    post: stored.post,
    resendAfter: [1, 1],
    reminder: () => new Reminder(1, 1),
    lookEvery: 1,
  });
  unlisten = session.listen();
  live.start();
  await reached(
    () => live.state === "connected",
    (changed) => live.onState(changed),
  );
});

afterEach(async () => {
  unlisten();
  live.stop();
  await service.cut();
});

describe("a conversation's session", () => {
  it("shows what was stored before, and what arrives after", async () => {
    stored.add();
    session.open(HERE);
    await until(({ loaded }) => loaded);
    service.publish({ type: "message.created", message: stored.add() });
    await until(({ messages }) => messages.length === 2);
    expect(seqs()).toEqual([1, 2]);
  });

  it("watches the conversation it shows and stops watching the one it leaves", async () => {
    session.open(HERE);
    await service.until(() => service.heard.length === 1);
    session.open("conversation-2");
    await service.until(() => service.heard.length === 3);
    expect(service.heard.map(({ data }) => data)).toEqual([
      { conversation_id: HERE, watching: true },
      { conversation_id: HERE, watching: false },
      { conversation_id: "conversation-2", watching: true },
    ]);
  });

  it("fetches what an event skips", async () => {
    session.open(HERE);
    await until(({ loaded }) => loaded);
    stored.add();
    stored.add();
    service.publish({ type: "message.created", message: stored.add() });
    await until(({ messages }) => messages.length === 3);
    expect(seqs()).toEqual([1, 2, 3]);
  });

  it("fetches what only the conversation's counter tells of", async () => {
    session.open(HERE);
    await until(({ loaded }) => loaded);
    stored.add();
    service.publish({ type: "conversation.updated", conversation: aConversation({ last_seq: 1 }) });
    await until(({ messages }) => messages.length === 1);
    expect(seqs()).toEqual([1]);
  });

  it("has everything, once and in order, after the socket was cut", async () => {
    stored.add();
    session.open(HERE);
    await until(({ loaded }) => loaded);
    await service.cut();
    stored.add();
    const last = stored.add();
    await service.open();
    await until(({ messages }) => messages.length === 3);
    service.publish({ type: "message.created", message: last });
    service.publish({ type: "message.created", message: stored.add() });
    await until(({ messages }) => messages.length === 4);
    expect(seqs()).toEqual([1, 2, 3, 4]);
  });

  it("learns after a cut what was added to a message it already had", async () => {
    const early = stored.add({ sender: "agent", translation: null });
    session.open(HERE);
    await until(({ loaded }) => loaded);
    await service.cut();
    early.ocr_text = "added meanwhile";
    await service.open();
    await until(({ messages }) => messages[0]?.ocr_text === "added meanwhile");
    expect(seqs()).toEqual([1]);
  });
});

describe("an analysis whose event never comes", () => {
  it("is asked for again until it is there", async () => {
    const pending = stored.add({ analysis_state: "pending" });
    session.open(HERE);
    await stored.readTimes(4);
    expect(session.state().messages[0]?.analysis_state).toBe("pending");
    pending.analysis_state = "complete";
    await until(({ messages }) => messages[0]?.analysis_state === "complete");
    expect(seqs()).toEqual([1]);
  });
});

describe("sending", () => {
  beforeEach(async () => {
    session.open(HERE);
    await until(({ loaded }) => loaded);
  });

  it("shows the message at once and keeps the order of writing", async () => {
    session.send("first");
    session.send("second");
    expect(session.state().outgoing.map(({ text }) => text)).toEqual(["first", "second"]);
    await until(({ messages }) => messages.length === 2);
    expect(stored.messages.map(({ text_content }) => text_content)).toEqual(["first", "second"]);
  });

  it("stores one message although the first answer was lost", async () => {
    stored.lost = 1;
    session.send("once");
    await until(({ messages }) => messages.length === 1);
    expect([stored.messages.length, session.state().outgoing]).toEqual([1, []]);
  });

  it("fails after the last attempt, and a retry by hand sends the same message", async () => {
    stored.refuse = unreachable();
    session.send("once");
    await until(({ outgoing }) => outgoing[0]?.state === "failed");
    const failed = session.state().outgoing[0];
    stored.refuse = null;
    session.retry(failed?.clientMessageId ?? "");
    await until(({ messages }) => messages.length === 1);
    expect(failed?.code).toBe("unreachable");
    expect(stored.messages.map(({ client_message_id }) => client_message_id)).toEqual([
      failed?.clientMessageId,
    ]);
    expect(session.state().outgoing).toEqual([]);
  });

  it("sends what got no answer as soon as the network is back, in the order of writing", async () => {
    await service.cut();
    stored.refuse = unreachable();
    session.send("first");
    session.send("second");
    await until(({ outgoing }) => outgoing.length === 2 && outgoing.every(({ state }) => state === "failed"));

    stored.refuse = null;
    await service.open();
    await until(({ messages }) => messages.length === 2);

    expect(stored.messages.map(({ text_content }) => text_content)).toEqual(["first", "second"]);
    expect(session.state().outgoing).toEqual([]);
  });

  it("does not repeat what the server refused, not even on a new connection", async () => {
    stored.refuse = new ApiProblem("conflict", 409, "Someone else has it.");
    session.send("refused");
    await until(({ outgoing }) => outgoing[0]?.state === "failed");

    await service.cut();
    stored.refuse = null;
    const reads = stored.reads;
    await service.open();
    await stored.readTimes(reads + 1);

    expect(stored.messages).toEqual([]);
    expect(session.state().outgoing.map(({ state, code }) => [state, code])).toEqual([
      ["failed", "conflict"],
    ]);
  });

  it("says once that someone is writing, not at every key", async () => {
    session.typing();
    session.typing();
    session.markRead(1);
    await service.until(() => service.heard.some(({ event }) => event === "read"));
    expect(service.heard.filter(({ event }) => event === "typing")).toHaveLength(1);
  });
});
