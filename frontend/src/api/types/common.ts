/** What every other shape is made of. */

import type { Schemas } from "./schemas";

export type { Json } from "./schemas";
export type Named = Schemas["Named"];

/** A flow or a collection that uses a thing of the workspace. */
export type UsedBy = Schemas["UsedBy"];
