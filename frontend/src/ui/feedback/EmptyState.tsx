import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";

interface EmptyStateProps {
  /** Made of the product's own parts. */
  drawing?: ReactNode;
  title: string;
  /** Three lines at most. */
  children: ReactNode;
  /** One primary action and one other. */
  actions?: ReactNode;
}

/** What a page says while it has nothing to show. */
export function EmptyState({ drawing, title, children, actions }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      {drawing}
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.words}>{children}</p>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}
