import type { ReactNode } from "react";
import { IconButton } from "../../ui/controls/Button";
import { Menu } from "../../ui/overlays/Menu";
import styles from "./resource.module.css";

/** The menu at the right end of a row. */
export function RowMenu({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Menu trigger={<IconButton icon="more" label={`More for ${name}`} className={styles.above} />}>
      {children}
    </Menu>
  );
}
