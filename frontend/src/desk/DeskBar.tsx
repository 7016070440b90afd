import type { ConnectionState } from "../live/connection";
import { useConnectionState } from "../live/useLive";
import { Icon } from "../ui/Icon";
import { ThemeButton } from "../ui/ThemeButton";
import { useDesk } from "./context";

const WORDS: Readonly<Record<ConnectionState, string>> = {
  connecting: "Connecting…",
  connected: "Live",
  reconnecting: "Reconnecting…",
  refused: "Signed out",
  stopped: "Offline",
};

export function DeskBar({ onHelp, onSignOut }: { onHelp: () => void; onSignOut: () => void }) {
  const { live, account } = useDesk();
  const connection = useConnectionState(live);
  return (
    <header className="desk-bar">
      <img src="/favicon.svg" alt="" width="24" height="24" />
      <strong className="desk-name">Agent desk</strong>
      <span className="connection" role="status" data-testid="connection-state" data-state={connection}>
        {WORDS[connection]}
      </span>
      <span className="spring" />
      <button
        type="button"
        className="plain icon-button"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={onHelp}
      >
        <Icon name="help" />
      </button>
      <ThemeButton light="Use the light theme" dark="Use the dark theme" />
      <span className="account" title={account.role}>
        {account.full_name}
      </span>
      <button
        type="button"
        className="plain icon-button"
        data-testid="sign-out"
        aria-label="Sign out"
        title="Sign out"
        onClick={onSignOut}
      >
        <Icon name="out" />
      </button>
    </header>
  );
}
