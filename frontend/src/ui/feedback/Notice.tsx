import type { ReactNode } from "react";
import { joinClasses } from "../classes";
import { Icon, type IconName } from "../icons/Icon";
import styles from "./Notice.module.css";

export type NoticeKind = "warning" | "failed" | "done";

const glyphs = { warning: "alert", failed: "failed", done: "works" } satisfies Record<NoticeKind, IconName>;

interface NoticeProps {
  /** Amber: it works, but read this. Red: it does not work. Green: it works. */
  kind: NoticeKind;
  /** Screen readers announce it at once. */
  urgent?: boolean;
  children: ReactNode;
}

/** A sentence at the place it is about; its last words say what to do. */
export function Notice({ kind, urgent = kind === "failed", children }: NoticeProps) {
  return (
    <div className={joinClasses(styles.notice, styles[kind])} role={urgent ? "alert" : undefined}>
      <Icon name={glyphs[kind]} size={14} />
      <div className={styles.words}>{children}</div>
    </div>
  );
}
