import { findNode } from "../../../graph/document";
import { graphStore, select } from "../../../graph/store";
import { deleteSelected } from "../../canvas/edits";
import { focusSelected, getFocusedNode } from "../../canvas/gestures/focus";
import { findNeighbour } from "../../canvas/gestures/neighbours";
import type { EditorCommand } from "../command";
import { canEditSelection } from "../target";

/** Deletes what is selected. The focus moves to the node before, so that the keys go on from there. */
export const deleteSelection: EditorCommand = {
  id: "delete",
  title: "Delete",
  scope: "selection",
  keys: ["backspace", "delete"],
  icon: "trash",
  isDangerous: true,
  enabled: canEditSelection,
  perform: ({ actions }) => {
    const focused = getFocusedNode();
    const { graph } = graphStore.getState();
    const before = focused === null ? null : findNeighbour(graph, actions, focused, "left");
    deleteSelected();
    if (before === null || !findNode(graphStore.getState().graph, before)) return;
    select([before]);
    focusSelected();
  },
};
