/** What the server finds in a graph. The browser never compiles a graph. */

import type { Schemas } from "./schemas";

export type Analysis = Schemas["Analysis"];
export type Problem = Schemas["Problem"];
export type ScopeVariable = Schemas["ScopeVariable"];
export type StreamingProof = Schemas["StreamingProof"];
