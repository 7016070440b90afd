import { useEffect, useMemo, useState } from "react";
import { adminApi } from "../api/admin";
import { AccountControls } from "../staff/AccountControls";
import { useStaff } from "../staff/context";
import { mayChange, mayLook } from "../staff/roles";
import { Icon } from "../ui/Icon";
import { PageLink } from "../ui/PageLink";
import { replacePath } from "../ui/path";
import { AdminContext, type AdminContextValue } from "./context";
import { EnginesTab } from "./engines/EnginesTab";
import { IntentsTab } from "./intents/IntentsTab";

const TABS = ["engines", "intents"] as const;

/** The administration: its bar, and the section that the path names. */
export function Admin({ path }: { path: readonly string[] }) {
  const { token, account, texts, language, fail, tell } = useStaff();
  const [api] = useState(() => adminApi(token));
  const [asked, ...rest] = path;
  const tab = TABS.find((one) => one === asked) ?? null;
  const looks = mayLook(account);
  const context = useMemo<AdminContextValue>(
    () => ({ api, account, language, texts: texts.admin, mayChange: mayChange(account), fail, tell }),
    [api, account, language, texts, fail, tell],
  );
  useEffect(() => {
    if (looks && tab === null) replacePath(`/admin/${TABS[0]}`);
  }, [looks, tab]);
  return (
    <AdminContext.Provider value={context}>
      <div className="admin">
        <AdminBar tabs={looks ? TABS : []} current={tab} />
        {looks ? (
          <main className="admin-main">
            {!context.mayChange && (
              <p className="look-only" role="note">
                {texts.admin.lookOnly}
              </p>
            )}
            {tab === "engines" && <EnginesTab />}
            {tab === "intents" && <IntentsTab path={rest} />}
          </main>
        ) : (
          <Refused />
        )}
      </div>
    </AdminContext.Provider>
  );
}

interface AdminBarProps {
  tabs: readonly (typeof TABS)[number][];
  current: string | null;
}

function AdminBar({ tabs, current }: AdminBarProps) {
  const { admin } = useStaff().texts;
  return (
    <header className="admin-bar">
      <img src="/favicon.svg" alt="" width="24" height="24" />
      <strong className="desk-name">{admin.title}</strong>
      {tabs.length > 0 && (
        <nav className="admin-tabs" aria-label={admin.sections}>
          {tabs.map((tab) => (
            <PageLink key={tab} to={`/admin/${tab}`} current={tab === current} testId={`tab-${tab}`}>
              {admin[tab]}
            </PageLink>
          ))}
        </nav>
      )}
      <span className="spring" />
      <PageLink className="button plain" to="/desk">
        <Icon name="back" /> <span className="wide-only">{admin.desk}</span>
      </PageLink>
      <AccountControls />
    </header>
  );
}

function Refused() {
  const { account, texts } = useStaff();
  return (
    <main className="start">
      <div className="card start-card" data-testid="refused">
        <h1>{texts.admin.refusedTitle}</h1>
        <p>{texts.admin.refused(account.full_name)}</p>
        <PageLink className="button primary" to="/desk">
          {texts.admin.toDesk}
        </PageLink>
      </div>
    </main>
  );
}
