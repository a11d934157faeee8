import { Link } from "react-router";
import type { Collection } from "../../api/types";
import { joinClasses } from "../../ui/classes";
import { formatAgo, formatCount, formatExact, formatNumber } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import { MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import text from "../../ui/text.module.css";
import page from "../resource/resource.module.css";
import { type ResourceColumn, ResourceName, ResourceTable } from "../resource/ResourceTable";
import { DeleteItem } from "../resource/DeleteItem";
import { countUsers, describeUse, listUserNames } from "../resource/describe-users";
import { RowMenu } from "../resource/RowMenu";
import styles from "./CollectionTable.module.css";

interface CollectionTableProps {
  collections: Collection[];
  /** What was searched for. */
  words: string;
  mayEdit: boolean;
  onEdit: (collection: Collection) => void;
  onDelete: (collection: Collection) => void;
}

export function CollectionTable({ collections, words, mayEdit, onEdit, onDelete }: CollectionTableProps) {
  const menu: ResourceColumn<Collection> = {
    title: "More",
    isTitleHidden: true,
    className: page.right,
    render: (collection) =>
      mayEdit ? (
        <RowMenu name={collection.name}>
          <MenuItem icon="edit" onSelect={() => onEdit(collection)}>
            Rename
          </MenuItem>
          <MenuSeparator />
          <DeleteItem obstacle={describeUse(collection.used_by)} onSelect={() => onDelete(collection)} />
        </RowMenu>
      ) : null,
  };
  return <ResourceTable label="Collections" columns={[...columns, menu]} items={collections} words={words} />;
}

const columns: ResourceColumn<Collection>[] = [
  {
    title: "Collection",
    className: styles.first,
    headClassName: "",
    render: ({ id, name, description }) => (
      <ResourceName
        glyph={<Icon name="collection" />}
        help={description || <span className={text.muted}>No description</span>}
      >
        <Link to={`/collections/${id}`} className={page.name}>
          {name}
        </Link>
      </ResourceName>
    ),
  },
  {
    title: "Embedder",
    className: page.spare,
    render: ({ embedder: { title, dimension } }) => (
      <>
        {title}
        {dimension === null ? null : <span className={page.sub}>{formatCount(dimension, "dimension")}</span>}
      </>
    ),
  },
  { title: "Documents", className: page.right, render: ({ documents }) => formatNumber(documents) },
  {
    title: "Chunks",
    className: joinClasses(page.right, page.extra),
    render: ({ chunks }) => formatNumber(chunks),
  },
  {
    title: "Used by",
    getHint: ({ used_by: users }) => listUserNames(users),
    render: ({ used_by: users }) => countUsers(users) ?? "–",
  },
  {
    title: "Changed",
    className: page.extra,
    getHint: ({ updated_at: at }) => formatExact(at),
    render: ({ updated_at: at }) => formatAgo(at),
  },
];
