import type { SaveStatus } from "../graph/store";
import { useGraph } from "../graph/useGraph";
import { Button } from "../ui/controls/Button";
import { joinClasses } from "../ui/classes";
import { Icon, type IconName } from "../ui/icons/Icon";
import styles from "./SaveStatusLabel.module.css";

interface SaveDescription {
  icon: IconName;
  word: string;
  title: string;
}

function describeSave(save: SaveStatus): SaveDescription {
  switch (save.kind) {
    case "saved":
      return { icon: "saved", word: "Saved", title: "The server has every change." };
    case "saving":
      return { icon: "saving", word: "Saving", title: "Sending the changes to the server." };
    case "unsaved":
      return save.isKept
        ? { icon: "keptHere", word: "Not saved, kept in this browser", title: save.reason }
        : {
            icon: "keptHere",
            word: "Not saved",
            title: `${save.reason} This browser cannot keep the changes either.`,
          };
    case "conflict":
      return { icon: "keptHere", word: "Not saved", title: "This flow was saved elsewhere." };
  }
}

/** Shows whether the server has the graph that is drawn. */
export function SaveStatusLabel({ onRetry }: { onRetry: () => void }) {
  const save = useGraph((graph) => graph.save);
  const readOnly = useGraph((graph) => graph.readOnly);
  const viewed = useGraph((graph) => graph.viewed?.number ?? null);
  if (viewed !== null) return <span className={styles.state}>Version {viewed}</span>;
  if (readOnly) return <span className={styles.state}>View only</span>;
  const { icon, word, title } = describeSave(save);
  const bad = save.kind === "unsaved" || save.kind === "conflict";
  return (
    <>
      <span className={joinClasses(styles.state, bad && styles.bad)} role="status" title={title}>
        <Icon name={icon} />
        {word}
      </span>
      {save.kind === "unsaved" ? (
        <Button kind="quiet" onClick={onRetry}>
          Try again
        </Button>
      ) : null}
    </>
  );
}
