import type { ChangeKind } from "../../../api/types";
import { useGraph } from "../../../graph/useGraph";
import styles from "./ChangeMark.module.css";

const words: Record<ChangeKind, string> = {
  added: "Added",
  removed: "Removed",
  changed: "Changed",
  moved: "Moved",
};

/** What became of a node, an edge or a note between the compared versions; undefined where it is the same. */
export function useChangeKind(id: string): ChangeKind | undefined {
  return useGraph(({ viewed }) => viewed?.marks.get(id));
}

/** The word for it, above the card. */
export function ChangeMark({ id }: { id: string }) {
  const kind = useChangeKind(id);
  return kind ? <span className={`${styles.mark ?? ""} ${styles[kind] ?? ""}`}>{words[kind]}</span> : null;
}
