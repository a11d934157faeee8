import { useReactFlow } from "@xyflow/react";
import type { DragEvent } from "react";
import { useActions } from "../../../graph/useActions";
import { findEdge } from "../../../graph/document";
import { graphStore } from "../../../graph/store";
import { focusSelected } from "./focus";
import { addAction } from "../placement/add-action";
import { changeCanvasUi, useCanvasUi } from "../ui-store";

/**
 * Handles a drag from the palette: onto the canvas, or onto an execution edge, where the cards after it move to make
 * room.
 */
export function useDropGestures() {
  const actions = useActions();
  const { screenToFlowPosition } = useReactFlow();
  const dragged = () => actions.get(useCanvasUi.getState().draggedAction ?? "");
  return {
    onDragOver: (event: DragEvent): void => {
      const action = dragged();
      if (!action) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      const edge = action.input ? findEdgeAt(event) : null;
      if (edge !== useCanvasUi.getState().dropEdge) changeCanvasUi({ dropEdge: edge });
    },
    onDragLeave: (): void => changeCanvasUi({ dropEdge: null }),
    onDrop: (event: DragEvent): void => {
      const action = dragged();
      const { dropEdge } = useCanvasUi.getState();
      changeCanvasUi({ dropEdge: null, draggedAction: null });
      if (!action) return;
      event.preventDefault();
      const position = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      addAction(
        actions,
        action,
        dropEdge === null ? { kind: "ground", position } : { kind: "edge", edge: dropEdge },
      );
      focusSelected();
    },
  };
}

function findEdgeAt({ clientX, clientY }: DragEvent): string | null {
  const lines = document
    .elementsFromPoint(clientX, clientY)
    .map((element) => element.closest(".react-flow__edge"));
  const id = lines.find((line) => line !== null)?.getAttribute("data-id") ?? "";
  return findEdge(graphStore.getState().graph, id)?.kind === "execution" ? id : null;
}
