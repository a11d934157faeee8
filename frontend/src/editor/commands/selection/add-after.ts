import type { GraphNode } from "../../../api/types";
import { type ActionIndex, getAction } from "../../../graph/action-index";
import { findEdgeFrom } from "../../../graph/document";
import { listSourcePorts } from "../../../graph/rules";
import { graphStore } from "../../../graph/store";
import { getPlaceBesideCard } from "../../canvas/gestures/focus";
import { changeCanvasUi, type PickTarget } from "../../canvas/ui-store";
import type { EditorCommand } from "../command";
import { canEditTarget, findTargetNode } from "../target";

/** Opens the list of actions beside the card, for the port at which the new node goes. */
export const addAfter: EditorCommand = {
  id: "addAfter",
  title: "Add an action after",
  scope: "selection",
  keys: ["enter"],
  icon: "add",
  enabled: canEditTarget,
  perform: ({ actions }) => {
    const node = findTargetNode();
    const target = node && findPickTarget(actions, node);
    if (target) changeCanvasUi({ picker: { at: getPlaceBesideCard(node.id), target } });
  },
};

/** The first open execution port; the edge of the last one where all of them are connected. */
function findPickTarget(actions: ActionIndex, node: GraphNode): PickTarget | null {
  const { graph } = graphStore.getState();
  const ports = listSourcePorts(node.id, getAction(actions, node)).filter(
    (port) => port.kind === "execution",
  );
  const open = ports.find((port) => !findEdgeFrom(graph, node.id, port.name));
  if (open) return { kind: "port", port: open, position: null };
  const last = ports.at(-1);
  const edge = last && findEdgeFrom(graph, node.id, last.name);
  return edge ? { kind: "edge", edge: edge.id } : null;
}
