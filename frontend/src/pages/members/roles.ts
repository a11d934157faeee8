import type { Role } from "../../api/types";
import { roleTitles } from "../account/session";

/** What each role allows, in the words of the form. */
export const roles: readonly { value: Role; title: string; help: string }[] = [
  { value: "viewer", title: roleTitles.viewer, help: "Sees flows, their runs and collections." },
  { value: "editor", title: roleTitles.editor, help: "Also builds and runs flows, and fills collections." },
  {
    value: "admin",
    title: roleTitles.admin,
    help: "Also keeps connections, API keys and members, and reads the audit log.",
  },
];
