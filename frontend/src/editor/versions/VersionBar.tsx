import { drawDraft, type ViewedVersion } from "../../graph/store";
import { useGraph } from "../../graph/useGraph";
import { Button } from "../../ui/controls/Button";
import { Icon } from "../../ui/icons/Icon";
import { changeLayout } from "../layout";
import { useVersionControls } from "../version-controls";
import { describeSide } from "./compared-sides";
import styles from "./VersionBar.module.css";

/** Says which version is drawn in place of the draft, and what can be done with it. It stands below the canvas. */
export function VersionBar() {
  const viewed = useGraph((graph) => graph.viewed);
  const controls = useVersionControls();
  if (!viewed) return null;
  const { number, comparedWith, draft } = viewed;
  const isDraft = number === draft.revision;
  return (
    <div className={styles.bar} role="status" data-above-properties="">
      <Icon name="history" size={14} />
      <p className={styles.words}>{describeView(viewed)}</p>
      {draft.readOnly || comparedWith !== null || isDraft ? null : (
        <>
          <Button onClick={() => void controls.restore(number)}>Restore</Button>
          <Button onClick={() => changeLayout({ publishing: number })}>Publish</Button>
        </>
      )}
      <Button kind="solid" onClick={drawDraft}>
        Back to the draft
      </Button>
    </div>
  );
}

function describeView({ number, comparedWith, marks, draft }: ViewedVersion) {
  if (comparedWith === null) return <b>Version {number} is drawn, and cannot be edited.</b>;
  const counts = countKinds([...marks.values()]);
  return (
    <>
      <b>
        From {describeSide(comparedWith, draft.revision)} to {describeSide(number, draft.revision)}.
      </b>{" "}
      {counts || "Nothing differs."}
    </>
  );
}

/** `2 added, 1 changed`: of cards, edges and notes together. */
function countKinds(kinds: string[]): string {
  const words = ["added", "removed", "changed", "moved"];
  const counted = words.map((word) => [kinds.filter((kind) => kind === word).length, word] as const);
  const parts = counted.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return parts.length ? `${parts.join(", ")}.` : "";
}
