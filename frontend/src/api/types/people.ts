/** Who is signed in, and where. */

import type { Named } from "./common";

export type Role = "viewer" | "editor" | "admin";

export interface Workspace extends Named {
  role: Role;
}

export interface Me {
  user: Named;
  workspace: Workspace;
  workspaces: Workspace[];
  demo: boolean;
}
