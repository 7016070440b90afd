import type { MouseEvent, ReactNode } from "react";
import { goTo } from "./path";

interface PageLinkProps {
  to: string;
  className?: string;
  title?: string;
  current?: boolean;
  testId?: string;
  children: ReactNode;
}

/** A link to another page of the front end: a real one, but followed without loading everything anew. */
export function PageLink({ to, className, title, current, testId, children }: PageLinkProps) {
  const follow = (event: MouseEvent) => {
    // With a key held, the browser opens it elsewhere.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <a
      href={to}
      className={className}
      title={title}
      aria-label={title}
      aria-current={current ? "page" : undefined}
      data-testid={testId}
      onClick={follow}
    >
      {children}
    </a>
  );
}
