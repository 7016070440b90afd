import { Icon } from "../ui/Icon";
import { ThemeButton } from "../ui/ThemeButton";
import { useStaff } from "./context";

/** The end of every bar: light or dark, who is signed in, and the way out. */
export function AccountControls() {
  const { account, texts, signOut } = useStaff();
  const { admin } = texts;
  return (
    <>
      <ThemeButton light={admin.themeLight} dark={admin.themeDark} />
      <span className="account" title={account.role}>
        {account.full_name}
      </span>
      <button
        type="button"
        className="plain icon-button"
        data-testid="sign-out"
        aria-label={admin.signOut}
        title={admin.signOut}
        onClick={() => signOut(null)}
      >
        <Icon name="out" />
      </button>
    </>
  );
}
