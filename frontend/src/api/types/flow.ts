/** Flows, as a list row and as a whole. */

import type { Schemas } from "./schemas";

export type FlowRow = Schemas["FlowRow"];
/** What a flow is named. */
export type FlowHead = Pick<FlowRow, "id" | "name" | "description" | "address" | "aliases">;
export type Flow = Schemas["Flow"];
export type FlowTemplate = Schemas["FlowTemplate"];
export type SavedGraph = Schemas["GraphSaved"];
