import type { CSSProperties } from "react";
import styles from "./Skeleton.module.css";

/** The shape of content that is loaded. It appears after 300 ms. */
export function Skeleton({ width, height = 12 }: { width: CSSProperties["width"]; height?: number }) {
  return <span className={styles.bone} style={{ width, height }} aria-hidden="true" />;
}

/** Rows of a list that is loaded, with a label for screen readers. */
export function SkeletonRows({ rows = 5, label }: { rows?: number; label: string }) {
  return (
    <div className={styles.rows} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <div className={styles.row} key={row}>
          <Skeleton width={32} height={32} />
          <div className={styles.lines}>
            <Skeleton width={`${140 + ((row * 37) % 80)}px`} />
            <Skeleton width={`${220 + ((row * 53) % 120)}px`} height={10} />
          </div>
        </div>
      ))}
    </div>
  );
}
