/** The shapes that the server and the browser exchange. This module has types only. */

export type * from "./types/analysis";
export type * from "./types/api-key";
export type * from "./types/catalogue";
export type * from "./types/chat-page";
export type * from "./types/collection";
export type * from "./types/common";
export type * from "./types/connection";
export type * from "./types/exchange";
export type * from "./types/flow";
export type * from "./types/graph";
export type * from "./types/people";
export type * from "./types/queue";
export type * from "./types/refusal";
export type * from "./types/run";
export type * from "./types/socket";
export type * from "./types/storage";
export type * from "./types/usage";
export type * from "./types/variable";
export type * from "./types/version";
