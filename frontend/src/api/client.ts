/** The HTTP API as typed functions; each gives its answer or throws an ApiProblem. */

import createClient, { type Client } from "openapi-fetch";
import type {
  ActivePage,
  Conversation,
  ConversationDetails,
  CulturalContext,
  CustomerConversation,
  CustomerFound,
  CustomerMessage,
  Message,
  MessagePage,
  PastConversation,
  Session,
  SignedIn,
  SupportedLanguages,
  Ticket,
  TicketPriority,
} from "./models";
import { problemFrom, unreachable } from "./problem";
import type { paths } from "./schema";

/** Where the API lives: the page's own origin, unless the build says otherwise. */
const BASE_URL = import.meta.env.VITE_API_URL || "/api";
const TIME_LIMIT_MS = 15_000;
const PAGE_SIZE = 200;

/** How a translated reply addresses the customer; `automatic` leaves it to what is usual in the language. */
export type Formality = "automatic" | "formal" | "informal";

export interface OutgoingText {
  conversationId: string;
  clientMessageId: string;
  text: string;
  suggestionId: string | null;
  formality: Formality;
}

export function connect(token: string | null): Client<paths> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return createClient<paths>({ baseUrl: BASE_URL, headers });
}

export async function answer<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const outcome = await call.catch(() => {
    throw unreachable();
  });
  if (outcome.response.ok && outcome.data !== undefined) return outcome.data;
  throw problemFrom(outcome.error, outcome.response.status);
}

export function limited(signal?: AbortSignal, limitMs = TIME_LIMIT_MS): { signal: AbortSignal } {
  const limit = AbortSignal.timeout(limitMs);
  return { signal: signal ? AbortSignal.any([signal, limit]) : limit };
}

/** Starts a conversation. The same `sessionKey` again gives the same session. */
export async function startSession(name: string, language: string, sessionKey: string): Promise<Session> {
  const body = {
    full_name: name,
    preferred_lang: language,
    source: "web",
    session_key: sessionKey,
  };
  return answer(connect(null).POST("/chat/sessions", { body, ...limited() }));
}

/** Signs a member of staff in. */
export async function signIn(username: string, password: string): Promise<SignedIn> {
  const body = { username, password };
  return answer(connect(null).POST("/accounts/login", { body, ...limited() }));
}

function shared<M>(client: Client<paths>) {
  return {
    async messages(conversationId: string, afterSeq: number, signal?: AbortSignal): Promise<MessagePage<M>> {
      const params = {
        path: { conversation_id: conversationId },
        query: { after_seq: afterSeq, limit: PAGE_SIZE },
      };
      const page = await answer(
        client.GET("/chat/conversations/{conversation_id}/messages", { params, ...limited(signal) }),
      );
      return page as MessagePage<M>;
    },
    async socketUrl(): Promise<string> {
      const { url } = await answer(
        client.POST("/realtime/negotiate", { body: { conversation_id: null }, ...limited() }),
      );
      return url;
    },
  };
}

export type CustomerApi = ReturnType<typeof customerApi>;

/** What a customer may do, with the token of its session. */
export function customerApi(token: string) {
  const client = connect(token);
  return {
    ...shared<CustomerMessage>(client),
    async conversation(id: string): Promise<CustomerConversation> {
      const params = { path: { conversation_id: id } };
      const { conversation } = await answer(
        client.GET("/chat/conversations/{conversation_id}", { params, ...limited() }),
      );
      return conversation as CustomerConversation;
    },
    send(outgoing: OutgoingText): Promise<{ message: CustomerMessage; conversation: CustomerConversation }> {
      const body = {
        conversation_id: outgoing.conversationId,
        client_message_id: outgoing.clientMessageId,
        text_content: outgoing.text,
      };
      return answer(client.POST("/chat/analyze-message", { body, ...limited() }));
    },
  };
}

export type DeskApi = ReturnType<typeof deskApi>;

/** What a member of staff may do, with the token of the login. */
export function deskApi(token: string) {
  const client = connect(token);
  const changed = async (
    path: "/chat/assign-conversation" | "/chat/unassign-conversation" | "/chat/resolve-conversation",
    conversationId: string,
  ): Promise<Conversation> => {
    const body = { conversation_id: conversationId };
    const { conversation } = await answer(client.POST(path, { body, ...limited() }));
    return conversation;
  };
  return {
    ...shared<Message>(client),
    claim: (conversationId: string) => changed("/chat/assign-conversation", conversationId),
    release: (conversationId: string) => changed("/chat/unassign-conversation", conversationId),
    resolve: (conversationId: string) => changed("/chat/resolve-conversation", conversationId),
    active(continuation: string | null): Promise<ActivePage> {
      const query = { limit: 50, ...(continuation === null ? {} : { continuation }) };
      return answer(client.GET("/chat/conversations/active", { params: { query }, ...limited() }));
    },
    async details(id: string): Promise<ConversationDetails> {
      const params = { path: { conversation_id: id } };
      return (await answer(
        client.GET("/chat/conversations/{conversation_id}", { params, ...limited() }),
      )) as ConversationDetails;
    },
    send(outgoing: OutgoingText): Promise<{ message: Message }> {
      const body = {
        conversation_id: outgoing.conversationId,
        client_message_id: outgoing.clientMessageId,
        text_content: outgoing.text,
        suggestion_id: outgoing.suggestionId,
        formality: outgoing.formality === "automatic" ? null : outgoing.formality,
      };
      return answer(client.POST("/chat/send-agent-message", { body, ...limited() }));
    },
    /** `clientTicketId` makes a repeated request find the ticket of the first. */
    async raiseTicket(
      conversationId: string,
      description: string,
      priority: TicketPriority,
      clientTicketId: string,
    ): Promise<Ticket> {
      const body = {
        conversation_id: conversationId,
        description,
        priority,
        client_ticket_id: clientTicketId,
      };
      const { ticket } = await answer(client.POST("/tickets/raise", { body, ...limited() }));
      return ticket;
    },
    async markFixed(conversationId: string, ticketId: string): Promise<Ticket> {
      const body = { conversation_id: conversationId, ticket_id: ticketId };
      const { ticket } = await answer(client.POST("/tickets/mark-fixed", { body, ...limited() }));
      return ticket;
    },
    async findCustomers(name: string, signal?: AbortSignal): Promise<CustomerFound[]> {
      const params = { path: { name } };
      const { customers } = await answer(
        client.GET("/search/customer/{name}", { params, ...limited(signal) }),
      );
      return customers;
    },
    supportedLanguages(): Promise<SupportedLanguages> {
      return answer(client.GET("/languages/supported", limited()));
    },
    culturalContext(code: string): Promise<CulturalContext> {
      const params = { path: { lang: code } };
      return answer(client.GET("/languages/cultural-context/{lang}", { params, ...limited() }));
    },
    /** `id` is that of a customer or of a conversation. */
    async history(id: string): Promise<PastConversation[]> {
      const params = { path: { id } };
      const { history } = await answer(client.GET("/search/chat-history/{id}", { params, ...limited() }));
      return history;
    },
  };
}
