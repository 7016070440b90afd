/** What the server sends over the socket. */

import type { components } from "../api/schema";

type Schemas = components["schemas"];
type ConversationEvent = Schemas["ConversationChanged"];

export type ServerEvent =
  | ConversationEvent
  | Schemas["MessageCreated"]
  | Schemas["MessageAnalyzed"]
  | Schemas["SuggestionsReady"]
  | Schemas["TicketChanged"]
  | Schemas["Typing"]
  | Schemas["Read"]
  | Schemas["MessageRejected"];

const CONVERSATION_EVENTS = [
  "conversation.updated",
  "conversation.assigned",
  "conversation.released",
  "conversation.escalated",
  "conversation.resolved",
  "conversation.reopened",
] as const satisfies readonly ConversationEvent["type"][];

const TYPES: ReadonlySet<string> = new Set([
  ...CONVERSATION_EVENTS,
  "message.created",
  "message.analyzed",
  "suggestions.ready",
  "ticket.changed",
  "typing",
  "read",
  "message.rejected",
]);

/** The data of a socket message as an event, or null for what this version does not know. */
export function serverEvent(data: unknown): ServerEvent | null {
  if (typeof data !== "object" || data === null || !("type" in data)) return null;
  return typeof data.type === "string" && TYPES.has(data.type) ? (data as ServerEvent) : null;
}

export function isConversationEvent(event: ServerEvent): event is ConversationEvent {
  return event.type.startsWith("conversation.");
}
