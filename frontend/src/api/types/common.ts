/** What every other shape is made of. */

import type { Schemas } from "./schemas";

export type { Json } from "./schemas";
export type Named = Schemas["Named"];
