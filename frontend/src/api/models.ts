/** The names under which the rest of the front end knows the API's shapes. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type AccountProfile = Schemas["AccountProfile"];
export type Conversation = Schemas["Conversation"];
export type CustomerConversation = Schemas["CustomerConversation"];
export type CustomerMessage = Schemas["CustomerMessage"];
export type CulturalContext = Schemas["CulturalContext"];
export type Diagnosis = Schemas["DiagnosisResult"];
export type Entity = Schemas["Entity"];
export type IntentModel = Schemas["IntentModelRecord"];
export type IntentReport = Schemas["IntentReport"];
export type EngineState = Schemas["EngineState"];
export type Health = Schemas["ReadyAnswer"];
export type Message = Schemas["Message"];
export type Sender = Schemas["Sender"];
export type Sentiment = Schemas["SentimentLabel"];
export type Suggestion = Schemas["Suggestion"];
export type SupportedLanguages = Schemas["SupportedAnswer"];
export type TranslatedPair = Schemas["TranslatedPair"];
export type Ticket = Schemas["Ticket"];
export type TicketPriority = Schemas["TicketPriority"];

export type IntentModels = Schemas["IntentModelsAnswer"];
export type Session = Schemas["SessionAnswer"];
export type SignedIn = Schemas["LoginAnswer"];
export type ActivePage = Schemas["ActiveAnswer"];
export type CustomerFound = Schemas["FoundCustomer"];
export type PastConversation = Schemas["PastConversation"];

/** A page of messages, of whichever kind the caller's role gets to see. */
export interface MessagePage<M> extends Omit<Schemas["MessagesAnswer"], "messages"> {
  messages: M[];
}

/** A conversation with what surrounds it, as staff see it. */
export interface ConversationDetails extends Omit<Schemas["OverviewAnswer"], "conversation"> {
  conversation: Conversation;
}
