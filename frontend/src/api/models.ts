/** The names under which the rest of the front end knows the API's shapes. */

import type { components } from "./schema";

type Schemas = components["schemas"];

/** Fields with a default are always sent, also where the document calls them optional. */
type Sent<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };

export type AccountProfile = Sent<Schemas["AccountProfile"]>;
export type Conversation = Sent<Schemas["Conversation"]>;
export type CustomerConversation = Sent<Schemas["CustomerConversation"]>;
export type CustomerMessage = Sent<Schemas["CustomerMessage"]>;
export type Message = Sent<Schemas["Message"]>;
export type Sender = Schemas["Sender"];
export type Sentiment = Schemas["SentimentLabel"];
export type Suggestion = Sent<Schemas["Suggestion"]>;
export type Ticket = Sent<Schemas["Ticket"]>;
export type TicketPriority = Schemas["TicketPriority"];

export interface MessagePage<M> {
  messages: M[];
  last_seq: number;
  more: boolean;
}

export interface CustomerFound {
  customer: AccountProfile;
  conversations: Conversation[];
}

export interface PastConversation {
  conversation: Conversation;
  messages: Message[];
}
