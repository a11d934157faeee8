/** The chat page of a flow, and what its visitors see of their conversations. */

import type { Schemas } from "./schemas";

export type ChatPage = Schemas["ChatPage"];
export type OpenChatPage = Schemas["OpenChatPage"];
export type OpenWidget = Schemas["OpenWidget"];
export type Conversation = Schemas["Conversation"];
export type ConversationTurn = Schemas["ConversationTurn"];
export type ConversationFile = Schemas["ConversationFile"];
export type FileRules = Schemas["FileRules"];
export type TurnList = Schemas["TurnList"];
export type AnswerPart = Schemas["AnswerPart"];
export type AnswerError = Schemas["AnswerError"];
export type Citation = Schemas["Citation"];
export type Feedback = Schemas["Feedback"];
export type RatedRun = Schemas["RatedRun"];
export type Rating = "good" | "bad";
