/** Collections of documents, and what a search in one finds. */

import type { Schemas } from "./schemas";

export type Collection = Schemas["Collection"];
export type CollectionDocument = Schemas["Document"];
export type SearchAnswer = Schemas["SearchAnswer"];
export type FilterField = Schemas["FilterField"];
export type SearchMatch = Schemas["Hit"];
