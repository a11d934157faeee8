/** What a workspace stores. */

import type { Schemas } from "./schemas";

export type StorageUse = Schemas["StorageUse"];
export type StoredPart = Schemas["StoredPart"];
export type Retention = Schemas["Retention"];
export type KeptLogs = Schemas["KeptLogs"];
