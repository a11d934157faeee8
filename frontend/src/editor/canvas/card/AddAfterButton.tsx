import type { Port } from "../../../graph/rules";
import { Icon } from "../../../ui/icons/Icon";
import styles from "./AddAfterButton.module.css";
import { changeCanvasUi } from "../ui-store";

interface AddAfterButtonProps {
  port: Port;
  title: string;
  /** The middle of the port, in px: from the top of the card, or from its left for an attachment. */
  offset: number;
}

/** The + after an open port, while the pointer is over the card. `Enter` on the card does the same. */
export function AddAfterButton({ port, title, offset }: AddAfterButtonProps) {
  const below = port.kind === "attachment";
  return (
    <button
      type="button"
      className={`${styles.add ?? ""} ${(below ? styles.below : styles.after) ?? ""} nodrag nopan`}
      style={below ? { left: offset } : { top: offset }}
      tabIndex={-1}
      aria-label={below ? `Add a ${title}` : `Add an action after ${title}`}
      onClick={({ clientX, clientY }) =>
        changeCanvasUi({
          picker: { at: { x: clientX, y: clientY }, target: { kind: "port", port, position: null } },
        })
      }
    >
      <Icon name="add" size={12} />
    </button>
  );
}
