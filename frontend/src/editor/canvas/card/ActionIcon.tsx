import type { CSSProperties } from "react";
import { withBasePath } from "../../../api/server-address";
import type { ActionDescription } from "../../../api/types";
import { joinClasses } from "../../../ui/classes";
import styles from "./ActionIcon.module.css";

interface ActionIconProps {
  action: Pick<ActionDescription, "icon_url" | "role">;
  className?: string;
}

/** The glyph of an action, on a tile in the colour of its role. A helper has no tile, because it has no colour. */
export function ActionIcon({ action, className }: ActionIconProps) {
  const mask = action.icon_url ? `url("${withBasePath(action.icon_url)}")` : "none";
  return (
    <span className={joinClasses(styles.tile, styles[action.role], className)} aria-hidden="true">
      <span className={styles.glyph} style={{ "--glyph": mask } as CSSProperties} />
    </span>
  );
}
