/** Who is signed in, and where. */

import type { Schemas } from "./schemas";

export type Me = Schemas["Me"];
export type Workspace = Schemas["Membership"];
export type Role = Workspace["role"];
