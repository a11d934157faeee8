/** Connections, their kinds and their models. */

import type { Schemas } from "./schemas";

export type ConnectionKind = Schemas["ConnectionKind"];
export type ConnectionField = Schemas["ConnectionField"];
export type Connection = Schemas["Connection"];

/** The part of a connection that an editor sees; an admin sees all of `Connection`. */
export type ConnectionChoice = Schemas["ConnectionChoice"] & Partial<Connection>;

export type SecretPresence = Schemas["SecretPresence"];
export type TestResult = Schemas["TestResult"];
export type ModelDescription = Schemas["Model"];
