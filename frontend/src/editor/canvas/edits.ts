/** Edits that several parts of the canvas make: each is one entry of undo, with the right items selected after it. */
import type { Position } from "../../api/types";
import type { ActionIndex } from "../../graph/action-index";
import { type GraphFragment, pasteItems } from "../../graph/commands/copy";
import { connect, type PortLink } from "../../graph/commands/edges";
import { moveItems } from "../../graph/commands/nodes";
import { removeItems } from "../../graph/commands/remove";
import { edit, getAddedIds, graphStore } from "../../graph/store";
import { showFailedToast } from "../../ui/feedback/toasts";

export function connectPorts(link: PortLink): void {
  edit("Connect", (graph) => connect(graph, link));
}

export function deleteSelected(): void {
  const { selection } = graphStore.getState();
  if (selection.size > 0) edit("Delete", (graph) => removeItems(graph, selection), { select: () => [] });
}

/** The distance from an item to its copy, in px of the canvas. */
const COPY_DISTANCE_PX: Position = { x: 32, y: 32 };

export function pasteFragment(fragment: GraphFragment, label = "Paste"): void {
  if (fragment.nodes.length + fragment.notes.length === 0) return;
  edit(label, (graph) => pasteItems(graph, fragment, COPY_DISTANCE_PX), { select: getAddedIds });
}

export function moveItemsTo(places: ReadonlyMap<string, Position>): void {
  if (places.size > 0) edit("Move", (graph) => moveItems(graph, places));
}

/** Fetches the layout code when it is needed for the first time. */
export async function tidyUp(actions: ActionIndex, roomPx: number): Promise<void> {
  const layout = await import("./placement/arrange-nodes").catch(() => null);
  if (!layout) {
    showFailedToast("Not tidied up", { text: "The code for it could not be loaded. Try again in a moment." });
    return;
  }
  const { arrangeNodes } = layout;
  edit("Tidy up", (graph) => moveItems(graph, arrangeNodes(graph, actions, roomPx)));
}
