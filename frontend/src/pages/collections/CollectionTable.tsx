import { Link } from "react-router";
import type { Collection } from "../../api/types";
import { NoMatchRow, PageTable, ResourceName } from "../resource/Page";
import page from "../resource/Page.module.css";
import { IconButton } from "../../ui/controls/Button";
import { joinClasses } from "../../ui/classes";
import { formatAgo, formatCount, formatExact, formatNumber } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import { Menu, MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import text from "../../ui/text.module.css";
import styles from "./CollectionTable.module.css";

interface CollectionTableProps {
  collections: Collection[];
  /** What was searched for. */
  words: string;
  mayEdit: boolean;
  onEdit: (collection: Collection) => void;
  onDelete: (collection: Collection) => void;
}

export function CollectionTable(props: CollectionTableProps) {
  const { collections, words } = props;
  return (
    <PageTable label="Collections">
      <thead>
        <tr>
          <th scope="col">Collection</th>
          <th scope="col" className={page.spare}>
            Embedder
          </th>
          <th scope="col" className={page.right}>
            Documents
          </th>
          <th scope="col" className={joinClasses(page.right, page.extra)}>
            Chunks
          </th>
          <th scope="col">Used by</th>
          <th scope="col" className={page.extra}>
            Changed
          </th>
          <th aria-label="More" />
        </tr>
      </thead>
      <tbody>
        {collections.length === 0 ? <NoMatchRow columns={7} words={words} /> : null}
        {collections.map((collection) => (
          <CollectionRow key={collection.id} {...props} collection={collection} />
        ))}
      </tbody>
    </PageTable>
  );
}

interface CollectionRowProps extends CollectionTableProps {
  collection: Collection;
}

function CollectionRow({ collection, mayEdit, onEdit, onDelete }: CollectionRowProps) {
  const {
    id,
    name,
    description,
    embedder,
    documents,
    chunks,
    used_by: flows,
    updated_at: changed,
  } = collection;
  return (
    <tr>
      <td className={styles.first}>
        <ResourceName
          glyph={<Icon name="collection" />}
          help={description || <span className={text.muted}>No description</span>}
        >
          <Link to={`/collections/${id}`} className={page.name}>
            {name}
          </Link>
        </ResourceName>
      </td>
      <td className={page.spare}>
        {embedder.title}
        {embedder.dimension === null ? null : (
          <span className={page.sub}>{formatCount(embedder.dimension, "dimension")}</span>
        )}
      </td>
      <td className={page.right}>{formatNumber(documents)}</td>
      <td className={joinClasses(page.right, page.extra)}>{formatNumber(chunks)}</td>
      <td title={flows.map((flow) => flow.name).join(", ") || undefined}>
        {flows.length ? formatCount(flows.length, "flow") : "–"}
      </td>
      <td className={page.extra} title={formatExact(changed)}>
        {formatAgo(changed)}
      </td>
      <td className={page.right}>
        {mayEdit ? (
          <Menu trigger={<IconButton icon="more" label={`More for ${name}`} className={page.above} />}>
            <MenuItem icon="edit" onSelect={() => onEdit(collection)}>
              Rename
            </MenuItem>
            <MenuSeparator />
            <MenuItem icon="trash" danger onSelect={() => onDelete(collection)}>
              Delete
            </MenuItem>
          </Menu>
        ) : null}
      </td>
    </tr>
  );
}
