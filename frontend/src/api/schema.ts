/**
 * The API's JSON shapes, laid out as `npm run api` generates them from the OpenAPI document.
 */

export interface components {
  schemas: {
    Role: "customer" | "agent" | "supervisor" | "admin";
    Sender: "customer" | "agent" | "system";
    SentimentLabel: "positive" | "neutral" | "negative";
    ConversationStatus: "waiting" | "active" | "resolved";
    TicketPriority: "low" | "normal" | "high" | "urgent";
    TicketStatus: "open" | "fixed";
    AccountProfile: {
      id: string;
      full_name: string;
      created_at: string;
      role: components["schemas"]["Role"];
      preferred_lang: string | null;
      detected_lang: string | null;
      username: string | null;
    };
    LanguageResult: { engine: string; latency_ms: number; language: string | null; confidence: number };
    IntentScore: { intent: string; confidence: number };
    IntentResult: {
      engine: string;
      latency_ms: number;
      intent: string;
      confidence: number;
      alternatives: components["schemas"]["IntentScore"][];
    };
    SentimentResult: {
      engine: string;
      latency_ms: number;
      sentiment: components["schemas"]["SentimentLabel"];
      confidence: number;
      scores: Record<string, number>;
    };
    TranslationResult: {
      engine: string;
      latency_ms: number;
      source_language: string | null;
      target_language: string;
      state: "translated" | "same_language" | "untranslated";
      text: string | null;
    };
    Suggestion: {
      id: string;
      kind: "reply" | "action";
      text: string;
      language: string;
      intent: string;
      citations: string[];
    };
    Analysis: {
      language: components["schemas"]["LanguageResult"] | null;
      intent: components["schemas"]["IntentResult"] | null;
      sentiment: components["schemas"]["SentimentResult"] | null;
    };
    CustomerMessage: {
      id: string;
      conversation_id: string;
      client_message_id: string;
      seq: number;
      sender: components["schemas"]["Sender"];
      sender_name: string;
      text_content: string;
      timestamp: string;
      image_url: string | null;
      translation: components["schemas"]["TranslationResult"] | null;
    };
    Message: components["schemas"]["CustomerMessage"] & {
      sender_id: string;
      ocr_text: string | null;
      language: components["schemas"]["LanguageResult"] | null;
      intent: components["schemas"]["IntentResult"] | null;
      sentiment: components["schemas"]["SentimentResult"] | null;
      suggestions: components["schemas"]["Suggestion"][];
      analysis_state: "pending" | "complete" | "not_needed";
    };
    Escalation: { reason: "human_requested" | "complaint"; message_id: string; ticket_id: string; at: string };
    Conversation: {
      id: string;
      conversation_id: string;
      user_id: string;
      customer_name: string;
      start_time: string;
      status: components["schemas"]["ConversationStatus"];
      assigned_agent: string | null;
      assigned_agent_name: string | null;
      primary_lang: string | null;
      source: string;
      last_seq: number;
      last_message_at: string;
      last_message_preview: string;
      last_sender: components["schemas"]["Sender"] | null;
      intent: string | null;
      sentiment: components["schemas"]["SentimentLabel"] | null;
      escalation: components["schemas"]["Escalation"] | null;
      resolved_at: string | null;
    };
    CustomerConversation: {
      id: string;
      status: components["schemas"]["ConversationStatus"];
      start_time: string;
      assigned_agent_name: string | null;
      primary_lang: string | null;
      last_seq: number;
    };
    Ticket: {
      id: string;
      conversation_id: string;
      agent_id: string | null;
      description: string;
      status: components["schemas"]["TicketStatus"];
      priority: components["schemas"]["TicketPriority"];
      created_at: string;
      fixed_at: string | null;
      fixed_by: string | null;
    };
    Problem: { type: string; title: string; status: number; detail?: string; code: string };
  };
}

type Json<T> = { content: { "application/json": T } };
type Failure = { content: { "application/problem+json": components["schemas"]["Problem"] } };
type Get<Answer, Path = never, Query = never> = {
  parameters: { path: Path; query?: Query };
  requestBody?: never;
  responses: { 200: Json<Answer>; default: Failure };
};
type Post<Body, Answer> = {
  parameters: { query?: never };
  requestBody: Json<Body>;
  responses: { 200: Json<Answer>; default: Failure };
};
type Schemas = components["schemas"];
type ById = { id: string };
type OneConversation = { conversation_id: string };

export interface paths {
  "/chat/sessions": {
    post: Post<
      { full_name: string; preferred_lang?: string; source?: "web"; session_key?: string },
      {
        token: string;
        expires_at: string;
        user: Schemas["AccountProfile"];
        conversation: Schemas["CustomerConversation"];
      }
    >;
  };
  "/chat/analyze-message": {
    post: Post<
      { conversation_id: string; client_message_id: string; text_content: string },
      {
        message: Schemas["CustomerMessage"];
        analysis: Schemas["Analysis"];
        conversation: Schemas["CustomerConversation"];
      }
    >;
  };
  "/chat/send-agent-message": {
    post: Post<
      { conversation_id: string; client_message_id: string; text_content: string; suggestion_id?: string },
      { message: Schemas["Message"] }
    >;
  };
  "/chat/assign-conversation": {
    post: Post<{ conversation_id: string; agent_id?: string }, { conversation: Schemas["Conversation"] }>;
  };
  "/chat/unassign-conversation": { post: Post<OneConversation, { conversation: Schemas["Conversation"] }> };
  "/chat/resolve-conversation": { post: Post<OneConversation, { conversation: Schemas["Conversation"] }> };
  "/chat/conversations/active": {
    get: {
      parameters: { query?: { limit?: number; continuation?: string } };
      responses: {
        200: Json<{ conversations: Schemas["Conversation"][]; continuation: string | null }>;
        default: Failure;
      };
    };
  };
  "/chat/conversations/{id}": {
    get: Get<
      {
        conversation: Schemas["Conversation"] | Schemas["CustomerConversation"];
        customer: Schemas["AccountProfile"];
        tickets: Schemas["Ticket"][];
      },
      ById
    >;
  };
  "/chat/conversations/{id}/messages": {
    get: Get<
      { messages: (Schemas["Message"] | Schemas["CustomerMessage"])[]; last_seq: number; more: boolean },
      ById,
      { after_seq?: number; limit?: number }
    >;
  };
  "/tickets/raise": {
    post: Post<
      {
        conversation_id: string;
        description: string;
        priority?: Schemas["TicketPriority"];
        client_ticket_id?: string;
      },
      { ticket: Schemas["Ticket"] }
    >;
  };
  "/tickets/mark-fixed": {
    post: Post<{ conversation_id: string; ticket_id: string }, { ticket: Schemas["Ticket"] }>;
  };
  "/search/customer/{name}": {
    get: Get<
      { customers: { customer: Schemas["AccountProfile"]; conversations: Schemas["Conversation"][] }[] },
      { name: string }
    >;
  };
  "/search/chat-history/{id}": {
    get: Get<
      { history: { conversation: Schemas["Conversation"]; messages: Schemas["Message"][] }[] },
      ById
    >;
  };
  "/accounts/login": {
    post: Post<
      { username: string; password: string },
      { token: string; expires_at: string; account: Schemas["AccountProfile"] }
    >;
  };
  "/accounts/me": {
    get: {
      parameters: { query?: never };
      responses: { 200: Json<{ account: Schemas["AccountProfile"] }>; default: Failure };
    };
  };
  "/realtime/negotiate": {
    post: Post<{ conversation_id?: string }, { url: string; hub: string; expires_at: string }>;
  };
}
