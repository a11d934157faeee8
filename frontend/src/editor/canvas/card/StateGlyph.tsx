import type { CardState } from "./card-state";
import { Icon, type IconName } from "../../../ui/icons/Icon";
import { Ring } from "../../../ui/feedback/StateMark";
import styles from "./StateGlyph.module.css";

const glyphs: Partial<Record<CardState, IconName>> = {
  waiting: "clock",
  done: "tick",
  failed: "close",
  skipped: "skip",
  disabled: "dash",
  cancelled: "stopped",
  interrupted: "alert",
};

/** The sign of a state. A word or a time stands beside it. */
export function StateGlyph({ state }: { state: CardState }) {
  const glyph = glyphs[state];
  if (state !== "running" && !glyph) return null;
  return (
    <span className={`${styles.glyph ?? ""} ${styles[state] ?? ""}`} role="img" aria-label={state}>
      {glyph ? <Icon name={glyph} /> : <Ring />}
    </span>
  );
}
