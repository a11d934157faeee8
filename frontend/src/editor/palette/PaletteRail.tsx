import type { Catalogue } from "../../api/types";
import { ActionIcon } from "../canvas/card/ActionIcon";
import { IconButton } from "../../ui/controls/Button";
import { Tooltip } from "../../ui/overlays/Tooltip";
import { listFamilies } from "./families";
import styles from "./Palette.module.css";

/** The folded palette: one icon for each family. */
export function PaletteRail({ catalogue, onUnfold }: { catalogue: Catalogue; onUnfold: () => void }) {
  return (
    <aside className={styles.rail} aria-label="Actions" data-folded="">
      <Tooltip text="Show actions  [" side="right">
        <IconButton icon="foldPanel" label="Show actions" className={styles.unfold} onClick={onUnfold} />
      </Tooltip>
      {listFamilies(catalogue).map(({ id, title, items: [first] }) => (
        <Tooltip key={id} text={title} side="right">
          <IconButton label={`Show actions: ${title}`} onClick={onUnfold}>
            {first ? <ActionIcon action={first} className={styles.icon} /> : null}
          </IconButton>
        </Tooltip>
      ))}
    </aside>
  );
}
