import { Icon } from "./Icon";
import { useTheme } from "./theme";

export function ThemeButton({ light, dark }: { light: string; dark: string }) {
  const [theme, toggle] = useTheme();
  const label = theme === "dark" ? light : dark;
  return (
    <button type="button" className="plain icon-button" aria-label={label} title={label} onClick={toggle}>
      <Icon name={theme === "dark" ? "sun" : "moon"} />
    </button>
  );
}
