import { Link } from "react-router";
import type { Collection } from "../../api/types";
import { usePageTitle } from "../../ui/usePageTitle";
import { DeleteItem } from "../resource/DeleteItem";
import { describeUse } from "../resource/describe-users";
import page from "../resource/resource.module.css";
import { IconButton } from "../../ui/controls/Button";
import { joinClasses } from "../../ui/classes";
import { formatCount } from "../../ui/format";
import { Menu, MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import text from "../../ui/text.module.css";
import styles from "./CollectionPage.module.css";
import { UploadButton } from "./documents/UploadButton";

interface CollectionHeadProps {
  collection: Collection;
  mayEdit: boolean;
  /** Absent where the page below shows the button. */
  onFiles?: (files: File[]) => void;
  onEdit: () => void;
  onDelete: () => void;
}

/** The head of the page: path, name, description and figures. */
export function CollectionHead({ collection, mayEdit, onFiles, onEdit, onDelete }: CollectionHeadProps) {
  const { name, description } = collection;
  usePageTitle(name);
  return (
    <header className={styles.head}>
      <div className={page.head}>
        <nav className={styles.path} aria-label="Path">
          <Link to="/collections">Collections</Link>
          <span aria-hidden="true">/</span>
        </nav>
        <h1 className={joinClasses(page.title, text.clip, styles.name)}>{name}</h1>
        {mayEdit ? (
          <div className={page.actions}>
            <Menu trigger={<IconButton icon="more" size="l" label={`More for ${name}`} />}>
              <MenuItem icon="edit" onSelect={onEdit}>
                Rename
              </MenuItem>
              <MenuSeparator />
              <DeleteItem obstacle={describeUse(collection.used_by)} onSelect={onDelete}>
                Delete collection
              </DeleteItem>
            </Menu>
            {onFiles ? <UploadButton onFiles={onFiles} /> : null}
          </div>
        ) : null}
      </div>
      <p className={styles.about}>
        {description ? <span className={styles.description}>{description}</span> : null}
        <span className={styles.facts}>{listFacts(collection).join(" · ")}</span>
      </p>
    </header>
  );
}

function listFacts({ embedder, chunks }: Collection): string[] {
  const { title, dimension } = embedder;
  const size = dimension === null ? [] : [formatCount(dimension, "dimension")];
  return [title, ...size, formatCount(chunks, "chunk")];
}
