import type { ReactNode } from "react";
import { joinClasses } from "../classes";
import styles from "./Tag.module.css";

/** A word about a thing: its kind, or what it is not to be mistaken for. */
export function Tag({ tone = "plain", children }: { tone?: "plain" | "warning"; children: ReactNode }) {
  return <span className={joinClasses(styles.tag, styles[tone])}>{children}</span>;
}
