/** Reads and moves the focus on the canvas. */
import type { Position } from "../../../api/types";
import { graphStore } from "../../../graph/store";

/** The id of the card that has the focus, or null. */
export function getFocusedNode(): string | null {
  const card = document.activeElement?.closest<HTMLElement>(".react-flow__node");
  return card?.dataset.id ?? null;
}

/** The point in the window where a menu of the card opens. */
export function getPlaceBesideCard(id: string): Position {
  const box = findCard(id)?.getBoundingClientRect();
  return { x: box?.right ?? 0, y: (box?.top ?? 0) + 44 };
}

/** Focuses a card. The canvas pans to the card when it is out of view. */
export function focusNode(id: string): void {
  findCard(id)?.focus();
}

function findCard(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
}

/** Focuses the selected node after the next frame, when it is drawn. */
export function focusSelected(): void {
  requestAnimationFrame(() => {
    const { graph, selection } = graphStore.getState();
    const node = graph.nodes.find(({ id }) => selection.has(id));
    if (node) focusNode(node.id);
  });
}
