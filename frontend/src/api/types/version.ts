/** The versions of a flow, and what differs between two of them. */

import type { Schemas } from "./schemas";

export type Environment = Schemas["ApiKey"]["environments"][number];
export type VersionHead = Schemas["VersionHead"];
export type Version = Schemas["Version"];
export type VersionList = Schemas["VersionList"];
export type VersionComparison = Schemas["VersionComparison"];
export type NodeChange = Schemas["NodeChange"];
export type EdgeChange = Schemas["EdgeChange"];
export type ChangeKind = NodeChange["kind"];
