/** What the runs of a workspace cost, and the prices. */

import type { Schemas } from "./schemas";

export type WorkspaceUsage = Schemas["WorkspaceUsage"];
export type UsageFigures = Schemas["UsageFigures"];
export type DayUsage = Schemas["DayUsage"];
export type ModelUsage = Schemas["ModelUsage"];
export type Price = Schemas["Price"];
export type PriceList = Schemas["PriceList"];
