import type { ReactNode } from "react";
import { formatNumber } from "../../ui/format";
import { usePageTitle } from "../../ui/usePageTitle";
import styles from "./resource.module.css";

interface PageHeadProps {
  title: string;
  /** How many resources there are, once known. */
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
