import { type ReactNode, useId } from "react";
import { formatNumber } from "../../ui/format";
import styles from "./queue.module.css";

interface QueueSectionProps {
  title: string;
  /** How many there are, also those that are not shown. */
  count: number;
  /** In place of the table while there is nothing. */
  none: string;
  /** What the count covers, beside it. */
  note?: string | null;
  children: ReactNode;
}

/** A part of the page: its title, how many there are, and its table. */
export function QueueSection({ title, count, none, note, children }: QueueSectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.sectionHead}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {count > 0 ? <span className={styles.count}>{formatNumber(count)}</span> : null}
        {note ? <span className={styles.note}>{note}</span> : null}
      </div>
      {count > 0 ? children : <p className={styles.none}>{none}</p>}
    </section>
  );
}
