/** What the server sends over the socket. */

import type {
  Conversation,
  CustomerConversation,
  CustomerMessage,
  Message,
  Sender,
  Suggestion,
  Ticket,
} from "../api/models";

export type ServerEvent =
  | { type: "message.created"; message: Message | CustomerMessage }
  | { type: "message.analyzed"; message: Message }
  | { type: "suggestions.ready"; conversation_id: string; message_id: string; suggestions: Suggestion[] }
  | { type: ConversationEventType; conversation: Conversation | CustomerConversation }
  | { type: "ticket.changed"; ticket: Ticket }
  | { type: "typing"; conversation_id: string; sender: Sender; sender_name: string }
  | { type: "read"; conversation_id: string; sender: Sender; seq: number }
  | { type: "message.rejected"; client_message_id: string | null; detail: string };

const CONVERSATION_EVENTS = [
  "conversation.updated",
  "conversation.assigned",
  "conversation.released",
  "conversation.escalated",
  "conversation.resolved",
  "conversation.reopened",
] as const;

type ConversationEventType = (typeof CONVERSATION_EVENTS)[number];
type ConversationEvent = Extract<ServerEvent, { type: ConversationEventType }>;

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
