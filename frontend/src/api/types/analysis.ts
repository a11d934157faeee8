/** What the server says about a graph; the browser never compiles. */

import type { Schemas } from "./schemas";

export type Analysis = Schemas["Analysis"];
export type Problem = Schemas["Problem"];
export type ScopeVariable = Schemas["ScopeVariable"];
export type StreamingProof = Schemas["StreamingProof"];
