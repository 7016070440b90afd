import { useEffect, useState, useSyncExternalStore } from "react";
import { asProblem } from "../api/problem";
import { type ConnectionState, LiveConnection } from "./connection";

/** Hidden for longer than this, a page's timers and sockets may have slept. */
const LONG_HIDDEN_MS = 20_000;

/** One connection for as long as the component is shown and the token holds. */
export function useLive(api: { socketUrl: () => Promise<string> }): LiveConnection {
  const [live] = useState(
    () =>
      new LiveConnection({
        negotiate: api.socketUrl,
        isFinal: (thrown) => [401, 403].includes(asProblem(thrown).status),
      }),
  );
  useEffect(() => {
    live.start();
    let hiddenAt = Number.POSITIVE_INFINITY;
    const hurry = () => live.hurry();
    const onVisibility = () => {
      if (document.visibilityState === "hidden") hiddenAt = Date.now();
      else if (Date.now() - hiddenAt > LONG_HIDDEN_MS) hurry();
    };
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", onVisibility);
      live.stop();
    };
  }, [live]);
  return live;
}

export function useConnectionState(live: LiveConnection): ConnectionState {
  return useSyncExternalStore(
    (changed) => live.onState(changed),
    () => live.state,
  );
}
