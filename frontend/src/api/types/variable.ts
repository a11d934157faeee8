/** The variables of a workspace. */

import type { Schemas } from "./schemas";

export type Variable = Schemas["Variable"];

/** The part of a variable that an editor sees. */
export type VariableChoice = Schemas["VariableChoice"];
