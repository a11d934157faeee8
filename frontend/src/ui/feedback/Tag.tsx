import type { ReactNode } from "react";
import { joinClasses } from "../classes";
import styles from "./Tag.module.css";

/** A word about a resource, such as its kind or a warning. */
export function Tag({ tone = "plain", children }: { tone?: "plain" | "warning"; children: ReactNode }) {
  return <span className={joinClasses(styles.tag, styles[tone])}>{children}</span>;
}
