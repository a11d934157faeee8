import type { DragEvent } from "react";
import type { ActionDescription } from "../../api/types";
import { changeCanvasUi } from "../canvas/ui-store";
import styles from "./DragGhost.module.css";

/** Makes an item draggable; the pointer shows the head of its card. */
export function useDragAction(action: ActionDescription) {
  return {
    draggable: true,
    onDragStart: (event: DragEvent): void => {
      changeCanvasUi({ draggedAction: action.type });
      event.dataTransfer.effectAllowed = "copy";
      event.dataTransfer.setData("text/plain", action.title);
      const ghost = drawGhost(event.currentTarget, action);
      event.dataTransfer.setDragImage(ghost, action.width / 2, 22);
      // The browser copies the picture of the drag after this event.
      setTimeout(() => ghost.remove());
    },
    onDragEnd: (): void => changeCanvasUi({ draggedAction: null, dropEdge: null }),
  };
}

function drawGhost(item: Element, action: ActionDescription): HTMLElement {
  const ghost = document.createElement("div");
  ghost.className = `${styles.ghost ?? ""} ${styles[action.role] ?? ""}`;
  ghost.style.width = `${action.width}px`;
  const icon = item.querySelector("[aria-hidden]")?.cloneNode(true);
  if (icon) ghost.append(icon);
  ghost.append(action.title);
  document.body.append(ghost);
  return ghost;
}
