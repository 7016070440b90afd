import { useConnectionState } from "../live/useLive";
import { AccountControls } from "../staff/AccountControls";
import { mayLook } from "../staff/roles";
import { Icon } from "../ui/Icon";
import { PageLink } from "../ui/PageLink";
import { useDesk } from "./context";

export function DeskBar({ onHelp }: { onHelp: () => void }) {
  const { live, account, texts } = useDesk();
  const connection = useConnectionState(live);
  return (
    <header className="desk-bar">
      <img src="/favicon.svg" alt="" width="24" height="24" />
      <strong className="desk-name">{texts.title}</strong>
      <span className="connection" role="status" data-testid="connection-state" data-state={connection}>
        {texts.connection[connection]}
      </span>
      <span className="spring" />
      {mayLook(account) && (
        <PageLink className="button plain icon-button" to="/admin" title={texts.administration}>
          <Icon name="gauge" />
        </PageLink>
      )}
      <button
        type="button"
        className="plain icon-button"
        aria-label={texts.shortcuts}
        title={`${texts.shortcuts} (?)`}
        onClick={onHelp}
      >
        <Icon name="help" />
      </button>
      <AccountControls />
    </header>
  );
}
