import type { ReactNode } from "react";
import { joinClasses } from "../../ui/classes";
import { ScrollArea } from "../../ui/controls/ScrollArea";
import styles from "./resource.module.css";

export interface ResourceColumn<Item> {
  title: string;
  /** The title is for screen readers only, such as that of the column of menus. */
  isTitleHidden?: boolean;
  /** On a phone the cell stands in the row's corner, beside the name. By default, where the title is hidden. */
  isCorner?: boolean;
  className?: string;
  /** The class of the head, where it differs from that of the cells. */
  headClassName?: string;
  render: (item: Item) => ReactNode;
  /** The tooltip of a cell. */
  getHint?: (item: Item) => string | undefined;
}

interface ResourceTableProps<Item> {
  /** Names the table for screen readers. */
  label: string;
  columns: readonly ResourceColumn<Item>[];
  items: readonly Item[];
  /** The words of the search; shown when no item matches them. */
  words?: string;
}

/**
 * The table of a list page: one row for each resource. On a phone the cells of a row stand below each other, each with
 * its title, so that nothing lies beside the window.
 */
export function ResourceTable<Item extends { id: string | number }>(props: ResourceTableProps<Item>) {
  const { label, columns, items, words = "" } = props;
  return (
    <TableFrame label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <ColumnHead key={column.title} column={column} />
          ))}
        </tr>
      </thead>
      <tbody>
        {items.length === 0 ? <NoMatchRow columns={columns.length} words={words} /> : null}
        {items.map((item) => (
          <tr key={item.id}>
            {columns.map(({ isTitleHidden, isCorner = isTitleHidden, ...column }) => (
              <td
                key={column.title}
                className={joinClasses(column.className, isCorner && styles.corner)}
                title={column.getHint?.(item)}
                data-title={column.title}
              >
                {column.render(item)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}

type HeadColumn = Pick<ResourceColumn<never>, "title" | "isTitleHidden" | "className" | "headClassName">;

function ColumnHead({ column }: { column: HeadColumn }) {
  const { title, isTitleHidden, className, headClassName = className } = column;
  if (isTitleHidden) return <th aria-label={title} />;
  return (
    <th scope="col" className={headClassName}>
      {title}
    </th>
  );
}

/** The frame of a table, which scrolls sideways where the window is narrow. */
function TableFrame({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ScrollArea className={styles.scroll} label={label}>
      <table className={joinClasses(styles.table, styles.stacked)}>
        <caption className={styles.caption}>{label}</caption>
        {children}
      </table>
    </ScrollArea>
  );
}

/** Says why the list is empty while a search narrows it. */
function NoMatchRow({ columns, words }: { columns: number; words: string }) {
  return (
    <tr className={styles.nothing}>
      <td colSpan={columns}>Nothing matches “{words}”.</td>
    </tr>
  );
}

interface ResourceNameProps {
  glyph: ReactNode;
  /** The name: a link or a button that is stretched over the row. */
  children: ReactNode;
  help: ReactNode;
}

/** The first cell of a row: a glyph, the name and one line of help. */
export function ResourceName({ glyph, children, help }: ResourceNameProps) {
  return (
    <div className={styles.resource}>
      <span className={styles.glyph}>{glyph}</span>
      <span className={styles.names}>
        {children}
        <small className={styles.sub}>{help}</small>
      </span>
    </div>
  );
}
