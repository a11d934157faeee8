import type { Port } from "../graph/rules";
import { Icon } from "../ui/Icon";
import styles from "./AddAfter.module.css";
import { changeUi } from "./ui-store";

/** The + after an open port, while the card is under the pointer. Keys reach the same by `Enter` on the card. */
export function AddAfter({ port, title, top }: { port: Port; title: string; top: number }) {
  return (
    <button
      type="button"
      className={`${styles.add ?? ""} nodrag nopan`}
      style={{ top }}
      tabIndex={-1}
      aria-label={`Add an action after ${title}`}
      onClick={({ clientX, clientY }) =>
        changeUi({
          picker: { at: { x: clientX, y: clientY }, target: { kind: "port", port, position: null } },
        })
      }
    >
      <Icon name="add" size={12} />
    </button>
  );
}
