import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reached, SocketService } from "../testing/socketService";
import { type ConnectionState, LiveConnection } from "./connection";
import type { ServerEvent } from "./events";

const TYPING: ServerEvent = { type: "typing", conversation_id: "c", sender: "agent", sender_name: "Agent" };

let service: SocketService;
let live: LiveConnection;
let negotiated: number;

function connection(negotiate?: () => Promise<string>): LiveConnection {
  return new LiveConnection({
    negotiate: async () => {
      negotiated += 1;
      return negotiate ? negotiate() : service.url;
    },
    isFinal: (thrown) => thrown instanceof RangeError,
    pause: () => 5,
    probeEvery: 10,
  });
}

const becomes = (state: ConnectionState) =>
  reached(
    () => live.state === state,
    (changed) => live.onState(changed),
  );

beforeEach(async () => {
  negotiated = 0;
  service = new SocketService();
  await service.open();
  live = connection();
});

afterEach(async () => {
  live.stop();
  await service.cut();
});

describe("the connection", () => {
  it("delivers events and passes over what it does not know", async () => {
    const seen: ServerEvent[] = [];
    live.onEvent((event) => seen.push(event));
    live.start();
    await becomes("connected");
    service.publish({ type: "something.new" } as unknown as ServerEvent);
    service.publish(TYPING);
    await reached(
      () => seen.length > 0,
      (changed) => live.onEvent(changed),
    );
    expect(seen).toEqual([TYPING]);
  });

  it("sends events, and refuses to while it is down", async () => {
    live.start();
    await becomes("connected");
    await live.send("typing", { conversation_id: "c" });
    expect(service.heard).toEqual([{ event: "typing", data: { conversation_id: "c" } }]);
    live.stop();
    await expect(live.send("typing", { conversation_id: "c" })).rejects.toThrow("down");
  });

  it("says that it is cut off while the library silently recovers, and when it has recovered", async () => {
    live.start();
    await becomes("connected");
    await service.cut({ recoverable: true });
    await becomes("reconnecting");
    await service.open();
    await becomes("connected");
    expect(negotiated).toBe(1);
  });

  it("asks for a new address when recovery is refused", async () => {
    live.start();
    await becomes("connected");
    await service.cut();
    await becomes("reconnecting");
    await service.open();
    await becomes("connected");
    expect(negotiated).toBe(2);
  });

  it("goes on trying while no address can be had", async () => {
    live = connection(async () => {
      if (negotiated < 3) throw new Error("the server is down");
      return service.url;
    });
    live.start();
    await becomes("connected");
    expect(negotiated).toBe(3);
  });

  it("gives up when the token is refused", async () => {
    live = connection(async () => {
      throw new RangeError("no longer valid");
    });
    live.start();
    await becomes("refused");
    expect(negotiated).toBe(1);
  });
});
