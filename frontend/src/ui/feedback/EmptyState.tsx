import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";

interface EmptyStateProps {
  /** A drawing made of the parts of the product. */
  drawing?: ReactNode;
  title: string;
  /** The level of the heading: 1 where this is the whole page. */
  level?: 1 | 2;
  /** Three lines at most. */
  children: ReactNode;
  /** One primary action and one other. */
  actions?: ReactNode;
}

/** What a page shows while it has nothing to list. */
export function EmptyState({ drawing, title, level = 2, children, actions }: EmptyStateProps) {
  const Title = `h${level}` as const;
  return (
    <div className={styles.empty}>
      {drawing}
      <Title className={styles.title}>{title}</Title>
      <p className={styles.words}>{children}</p>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}
