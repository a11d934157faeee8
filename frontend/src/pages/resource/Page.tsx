import type { ReactNode } from "react";
import { formatNumber } from "../../ui/format";
import styles from "./Page.module.css";
import { usePageTitle } from "../../ui/usePageTitle";

interface PageHeadProps {
  title: string;
  /** How many there are, once known. */
  count?: number;
  /** Buttons; the primary one last. */
  children?: ReactNode;
}

/** The first row of a page, 72 px high. */
export function PageHead({ title, count, children }: PageHeadProps) {
  usePageTitle(title);
  return (
    <div className={styles.head}>
      <h1 className={styles.title}>{title}</h1>
      {count ? <span className={styles.count}>{formatNumber(count)}</span> : null}
      <div className={styles.actions}>{children}</div>
    </div>
  );
}

/** The row under it: what narrows the list, and what the figures cover. */
export function PageBar({ children }: { children: ReactNode }) {
  return <div className={styles.bar}>{children}</div>;
}

/** The wide parts of a page, which scroll sideways where the window is narrow. */
export function PageTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption className={styles.caption}>{label}</caption>
        {children}
      </table>
    </div>
  );
}

/** A row that says why the list is empty while a search narrows it. */
export function NoMatchRow({ columns, words }: { columns: number; words: string }) {
  return (
    <tr className={styles.nothing}>
      <td colSpan={columns}>Nothing matches “{words}”.</td>
    </tr>
  );
}

interface ThingProps {
  glyph: ReactNode;
  /** The name: a link or button, stretched over the row. */
  children: ReactNode;
  help: ReactNode;
}

/** The first cell of a row: glyph, name, one line of help. */
export function ResourceName({ glyph, children, help }: ThingProps) {
  return (
    <div className={styles.thing}>
      <span className={styles.glyph}>{glyph}</span>
      <span className={styles.names}>
        {children}
        <small className={styles.sub}>{help}</small>
      </span>
    </div>
  );
}
