/** Files of flows, and what an import of one would bring. */

import type { Schemas } from "./schemas";

export type FlowFile = Schemas["FlowFile"];
export type ImportReview = Schemas["ImportReview"];
export type AskedPlaceholder = Schemas["AskedPlaceholder"];
export type ReportedStep = Schemas["ReportedStep"];
export type FlowInFile = Schemas["FlowInFile"];
export type FlowsImported = Schemas["FlowsImported"];
