import type { ReactNode } from "react";
import { Mark } from "../../ui/icons/Icon";
import { usePageTitle } from "../../ui/usePageTitle";
import styles from "./LinkPage.module.css";

/** The page of somebody who has followed a link, and is perhaps not signed in. */
export function LinkPage({ title, children }: { title: string; children: ReactNode }) {
  usePageTitle(title);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Mark />
        <h1 className={styles.title}>{title}</h1>
        {children}
      </div>
    </main>
  );
}
