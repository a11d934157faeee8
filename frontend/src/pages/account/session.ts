import { createContext, use } from "react";
import type { Me, Role } from "../../api/types";

export const roleTitles = { admin: "Admin", editor: "Editor", viewer: "Viewer" } satisfies Record<
  Role,
  string
>;

export const SessionContext = createContext<Me | null>(null);

/** Who is signed in. Works only inside `RequireSession`. */
export function useSession(): Me {
  const me = use(SessionContext);
  if (!me) throw new Error("useSession is called outside RequireSession.");
  return me;
}

/** Whether the person may edit and run flows here. */
export function useMayEdit(): boolean {
  return useSession().workspace.role !== "viewer";
}

/** Whether the person may see connections and API keys. */
export function useIsAdmin(): boolean {
  return useSession().workspace.role === "admin";
}
