import { useEffect, useState } from "react";

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** The time since a moment in short words: `now`, `4 min`, `2 hr`, `3 days`. */
export function timeSince(moment: string, now: number, language: string): string {
  const seconds = Math.max(0, (now - Date.parse(moment)) / 1_000);
  for (const [unit, length] of UNITS) {
    if (seconds >= length) {
      const style = { style: "unit", unit, unitDisplay: "short" } as const;
      return new Intl.NumberFormat(language, style).format(Math.floor(seconds / length));
    }
  }
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "second");
}

export function clockTime(moment: string, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(Date.parse(moment));
}

/** The time of day with seconds, of epoch milliseconds. */
export function secondsTime(moment: number, language: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(moment);
}

/** Day and time in full, for a tooltip or a past conversation. */
export function fullTime(moment: string, language: string): string {
  const style = { dateStyle: "medium", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat(language, style).format(Date.parse(moment));
}

/** Day alone. */
export function shortDay(moment: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(Date.parse(moment));
}

/** The day in full words. */
export function dayName(moment: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "full" }).format(Date.parse(moment));
}

/** Epoch milliseconds, renewed often enough for `timeSince`. */
export function useNow(everyMs = 20_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** Whether a moment lies `afterMs` back, by the clock or since it is shown: a clock may be wrong. */
export function useOverdue(moment: string, afterMs: number): boolean {
  const [overdue, setOverdue] = useState(() => Date.now() - Date.parse(moment) >= afterMs);
  useEffect(() => {
    const timer = setTimeout(() => setOverdue(true), afterMs);
    return () => clearTimeout(timer);
  }, [afterMs]);
  return overdue;
}
