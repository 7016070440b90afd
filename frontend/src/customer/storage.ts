/** What a customer's browser keeps between two visits: the session, and messages that never got out. */

import type { Outgoing } from "../chat/thread";

export interface StoredSession {
  token: string;
  conversationId: string;
  name: string;
  language: string;
}

const SESSION = "chat.session";
const UNSENT = "chat.unsent";

export function loadSession(): StoredSession | null {
  const held = read(SESSION) as Partial<StoredSession> | null;
  if (!held) return null;
  const { token, conversationId, name, language } = held;
  const whole = [token, conversationId, name, language].every((value) => typeof value === "string");
  return whole ? (held as StoredSession) : null;
}

export function saveSession(session: StoredSession): void {
  write(SESSION, session);
}

export function forgetSession(): void {
  write(SESSION, null);
  write(UNSENT, null);
}

export function loadUnsent(conversationId: string): Outgoing[] {
  const held = read(UNSENT);
  if (!Array.isArray(held)) return [];
  return (held as Outgoing[]).filter((outgoing) => outgoing.conversationId === conversationId);
}

export function saveUnsent(outgoing: readonly Outgoing[]): void {
  write(UNSENT, outgoing.length === 0 ? null : outgoing);
}

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage may be full or forbidden; the conversation then lasts as long as the page.
  }
}
