import type { ReactNode } from "react";
import { joinClasses } from "../classes";
import { Icon, type IconName } from "../icons/Icon";
import styles from "./StateMark.module.css";

type Sign = { word: string; glyph: IconName | "ring"; tone: string };

/** Each state has three signs: a glyph, a word and a colour. */
const signs = {
  waiting: { word: "Waiting", glyph: "clock", tone: "waiting" },
  running: { word: "Running", glyph: "ring", tone: "running" },
  completed: { word: "Completed", glyph: "tick", tone: "done" },
  done: { word: "Done", glyph: "tick", tone: "done" },
  failed: { word: "Failed", glyph: "close", tone: "failed" },
  skipped: { word: "Skipped", glyph: "skip", tone: "waiting" },
  disabled: { word: "Disabled", glyph: "dash", tone: "waiting" },
  cancelled: { word: "Cancelled", glyph: "stopped", tone: "waiting" },
  interrupted: { word: "Interrupted", glyph: "alert", tone: "warning" },
  warning: { word: "Warning", glyph: "alert", tone: "warning" },
} satisfies Record<string, Sign>;

export type MarkedState = keyof typeof signs;

interface StateMarkProps {
  state: MarkedState;
  /** Another word than that of the state, such as "Works". */
  children?: ReactNode;
  className?: string;
}

export function StateMark({ state, children, className }: StateMarkProps) {
  const { word, glyph, tone } = signs[state];
  return (
    <span className={joinClasses(styles.mark, styles[tone], className)}>
      {glyph === "ring" ? <Ring /> : <Icon name={glyph} size={14} />}
      {children ?? word}
    </span>
  );
}

/** Turns while work goes on. A word or a time stands beside it. */
export function Ring() {
  return <span className={styles.ring} aria-hidden="true" />;
}
