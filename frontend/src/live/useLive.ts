import { useEffect, useState, useSyncExternalStore } from "react";
import { asProblem } from "../api/problem";
import { type ConnectionState, LiveConnection } from "./connection";

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
    const hurry = () => live.hurry();
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
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
