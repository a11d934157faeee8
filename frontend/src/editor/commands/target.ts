/** Which cards a command works on, and whether it may change them. */
import type { GraphNode } from "../../api/types";
import { findNode } from "../../graph/document";
import { graphStore, select } from "../../graph/store";
import { getFocusedNode } from "../canvas/gestures/focus";

/** Whether the open flow may be changed. */
export function canEdit(): boolean {
  return !graphStore.getState().readOnly;
}

/** Whether the open flow may be changed and something is selected. */
export function canEditSelection(): boolean {
  return canEdit() && graphStore.getState().selection.size > 0;
}

/** The selected nodes; edges and notes are left out. */
export function listSelectedNodes(): GraphNode[] {
  const { graph, selection } = graphStore.getState();
  return graph.nodes.filter((node) => selection.has(node.id));
}

/** The one node that a command works on: the focused card, or the first selected one. */
export function findTargetNode(): GraphNode | undefined {
  const focused = getFocusedNode();
  return focused === null ? listSelectedNodes()[0] : findNode(graphStore.getState().graph, focused);
}

/** Whether the open flow may be changed and there is a node to change. */
export function canEditTarget(): boolean {
  return canEdit() && findTargetNode() !== undefined;
}

/** Selects the focused card, because a command changes what is selected. */
export function selectFocusedCard(): void {
  const focused = getFocusedNode();
  if (focused !== null && !graphStore.getState().selection.has(focused)) select([focused]);
}
