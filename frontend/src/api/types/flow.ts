/** Flows, as a list row and as a whole. */

import type { Schemas } from "./schemas";

export type FlowRow = Schemas["FlowRow"];
export type Flow = Schemas["Flow"];
export type SavedGraph = Schemas["GraphSaved"];
