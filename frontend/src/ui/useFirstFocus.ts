import { type RefObject, useEffect } from "react";

/** Puts the focus into the page's first field where a keyboard is at hand. On a phone that would bring one up. */
export function useFirstFocus(field: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (window.matchMedia("(hover: hover)").matches) field.current?.focus();
  }, [field]);
}
