import type { ReactNode } from "react";
import { joinClasses } from "../classes";
import { Icon, type IconName } from "../icons/Icon";
import styles from "./Notice.module.css";

export type NoticeKind = "warning" | "failed" | "done";

const glyphs = { warning: "alert", failed: "failed", done: "works" } satisfies Record<NoticeKind, IconName>;

interface NoticeProps {
  /** Amber: it works, read this. Red: it does not work. Green: it does. */
  kind: NoticeKind;
  /** Spoken at once when it appears. */
  urgent?: boolean;
  children: ReactNode;
}

/** A sentence at the place where it matters, with its remedy as the last words. */
export function Notice({ kind, urgent = kind === "failed", children }: NoticeProps) {
  return (
    <div className={joinClasses(styles.notice, styles[kind])} role={urgent ? "alert" : undefined}>
      <Icon name={glyphs[kind]} size={14} />
      <div className={styles.words}>{children}</div>
    </div>
  );
}
