import { useState } from "react";
import type { VersionHead } from "../../api/types";
import { getDraft } from "../../graph/store";
import { useGraph } from "../../graph/useGraph";
import { joinClasses } from "../../ui/classes";
import { IconButton } from "../../ui/controls/Button";
import { Tag } from "../../ui/feedback/Tag";
import { formatAgo, formatExact } from "../../ui/format";
import { Menu, MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import { changeLayout } from "../layout";
import { useVersionControls } from "../version-controls";
import { environmentTitles, getVersionTitle, listEnvironments } from "./environments";
import { VersionNameDialog } from "./VersionNameDialog";
import styles from "./VersionsSide.module.css";

interface VersionRowProps {
  flow: string;
  version: VersionHead;
  /** The number of the version before it that there still is; null for the first. */
  before: number | null;
}

/** A version in the list. A click draws it in place of the draft. */
export function VersionRow({ flow, version, before }: VersionRowProps) {
  const { show } = useVersionControls();
  const isDrawn = useGraph(({ viewed }) => viewed?.comparedWith === null && viewed.number === version.number);
  const note = version.note || version.publications.find((each) => each.note)?.note;
  return (
    <li className={joinClasses(styles.row, isDrawn && styles.drawn)}>
      <button
        type="button"
        className={styles.show}
        aria-current={isDrawn || undefined}
        onClick={() => void show(version.number)}
      >
        <span className={styles.name}>
          {getVersionTitle(version)}
          {version.is_draft ? <Tag>Draft</Tag> : null}
          {listEnvironments(version).map((environment) => (
            <Tag key={environment}>{environmentTitles[environment]}</Tag>
          ))}
        </span>
        {note ? <span className={styles.sub}>{note}</span> : null}
        <span className={styles.sub} title={formatExact(version.created_at)}>
          {version.author ? `${version.author}, ` : null}
          {formatAgo(version.created_at)}
        </span>
      </button>
      <VersionMenu flow={flow} version={version} before={before} />
    </li>
  );
}

function VersionMenu({ flow, version, before }: VersionRowProps) {
  const controls = useVersionControls();
  const [naming, setNaming] = useState(false);
  const readOnly = useGraph((state) => getDraft(state).readOnly);
  const { number, is_draft: isDraft } = version;
  const drawn = useGraph(({ viewed }) => (viewed?.comparedWith === null ? viewed.number : null));
  const isOtherDrawn = drawn !== null && drawn !== number && drawn !== before;
  return (
    <>
      <Menu trigger={<IconButton icon="more" label={`More about version ${number}`} />}>
        <MenuItem icon="eye" onSelect={() => void controls.show(number)}>
          Show
        </MenuItem>
        {isDraft ? null : (
          <MenuItem icon="history" onSelect={() => void controls.compare(number, "draft")}>
            Compare with the draft
          </MenuItem>
        )}
        {before === null ? null : (
          <MenuItem icon="history" onSelect={() => void controls.compare(before, isDraft ? "draft" : number)}>
            Compare with version {before}
          </MenuItem>
        )}
        {isOtherDrawn && !isDraft ? (
          <MenuItem
            icon="history"
            onSelect={() => void controls.compare(Math.min(drawn, number), Math.max(drawn, number))}
          >
            Compare with version {drawn}, which is drawn
          </MenuItem>
        ) : null}
        {readOnly ? null : (
          <>
            <MenuItem icon="edit" onSelect={() => setNaming(true)}>
              Name
            </MenuItem>
            <MenuSeparator />
            <MenuItem icon="upload" onSelect={() => changeLayout({ publishing: isDraft ? "draft" : number })}>
              Publish
            </MenuItem>
            {isDraft ? null : (
              <MenuItem icon="undo" onSelect={() => void controls.restore(number)}>
                Restore
              </MenuItem>
            )}
          </>
        )}
      </Menu>
      {naming ? <VersionNameDialog flow={flow} version={version} onClose={() => setNaming(false)} /> : null}
    </>
  );
}
