import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";

interface EmptyStateProps {
  /** A drawing made of the parts of the product. */
  drawing?: ReactNode;
  title: string;
  /** Three lines at most. */
  children: ReactNode;
  /** One primary action and one other. */
  actions?: ReactNode;
}

/** What a page shows while it has nothing to list. */
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
