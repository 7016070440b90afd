/** Data for tests: whole objects, of which a test names only what it is about. */

import type { Conversation, Message, Suggestion } from "../api/models";
import type { Outgoing } from "../chat/thread";

export function aMessage(change: Partial<Message> = {}): Message {
  const seq = change.seq ?? 1;
  const conversation = change.conversation_id ?? "conversation-1";
  return {
    kind: "message",
    id: `${conversation}/message-${seq}`,
    conversation_id: conversation,
    client_message_id: `client-${seq}`,
    seq,
    sender: "customer",
    sender_id: "customer-1",
    sender_name: "A customer",
    text_content: `Text ${seq}`,
    timestamp: `2026-01-05T10:00:${String(seq).padStart(2, "0")}.000000Z`,
    image_url: null,
    ocr_text: null,
    language: null,
    intent: null,
    sentiment: null,
    entities: [],
    key_phrases: [],
    request: null,
    diagnosis: null,
    translation: null,
    suggestions: [],
    suggestion_id: null,
    written_in: null,
    formality: null,
    analysis_state: "complete",
    ...change,
  };
}

export function aConversation(change: Partial<Conversation> = {}): Conversation {
  const id = change.id ?? "conversation-1";
  return {
    kind: "conversation",
    id,
    conversation_id: id,
    user_id: "customer-1",
    customer_name: "A customer",
    start_time: "2026-01-05T10:00:00.000000Z",
    status: "waiting",
    assigned_agent: null,
    assigned_agent_name: null,
    primary_lang: "en",
    source: "web",
    revision: 1,
    last_seq: 1,
    last_message_at: "2026-01-05T10:00:01.000000Z",
    last_message_preview: "Text 1",
    last_sender: "customer",
    intent: null,
    sentiment: null,
    anger: null,
    urgency: null,
    escalation: null,
    token_usage: { calls: 0, prompt: 0, answer: 0, thoughts: 0, total: 0 },
    resolved_at: null,
    analyzed_seq: 0,
    ...change,
  };
}

export function aSuggestion(change: Partial<Suggestion> = {}): Suggestion {
  return {
    id: "suggestion-1",
    kind: "reply",
    text: "A reply",
    language: "en",
    intent: "greeting",
    citations: [],
    customer_text: null,
    customer_language: null,
    ...change,
  };
}

export function anOutgoing(change: Partial<Outgoing> = {}): Outgoing {
  return {
    conversationId: "conversation-1",
    clientMessageId: "client-1",
    text: "Text 1",
    suggestionId: null,
    formality: "automatic",
    at: "2026-01-05T10:00:01.000Z",
    state: "sending",
    code: null,
    ...change,
  };
}
