import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useMemo, useState } from "react";
import { useActions } from "../../graph/useActions";
import { select, graphStore } from "../../graph/store";
import { useGraph } from "../../graph/useGraph";
import { moveTo } from "./acts";
import { canvasEdges, type CanvasNode, canvasNodes, type Held } from "./canvas-nodes";
import type { FlowEdge } from "./edges/ExecutionEdge";

const NOTHING_HELD: Held = new Map();

/** The items that React Flow draws, and what becomes of its changes: a drag is held, and one edit at its end. */
export function useCanvasItems() {
  const actions = useActions();
  const graph = useGraph((state) => state.graph);
  const selection = useGraph((state) => state.selection);
  const problems = useGraph((state) => state.analysis.problems);
  const [held, setHeld] = useState<Held>(NOTHING_HELD);
  const nodes = useMemo(
    () => canvasNodes({ graph, actions, selection, held, problems }),
    [graph, actions, selection, held, problems],
  );
  const edges = useMemo(() => canvasEdges(graph, actions, selection), [graph, actions, selection]);
  const onNodesChange = (changes: NodeChange<CanvasNode>[]): void => {
    takeSelection(changes);
    setHeld((before) => hold(before, changes));
  };
  const onDragStop = (_: unknown, __: unknown, dragged: CanvasNode[]): void => {
    moveTo(new Map(dragged.filter(hasMoved).map(({ id, position }) => [id, position])));
    setHeld(NOTHING_HELD);
  };
  return { nodes, edges, onNodesChange, onEdgesChange: takeSelection, onDragStop };
}

/** A click that moved nothing is no edit. */
function hasMoved({ id, position }: CanvasNode): boolean {
  const { nodes, notes } = graphStore.getState().graph;
  const before = [...nodes, ...notes].find((item) => item.id === id)?.position;
  return before?.x !== position.x || before.y !== position.y;
}

function takeSelection(changes: (NodeChange<CanvasNode> | EdgeChange<FlowEdge>)[]): void {
  const chosen = changes.filter((change) => change.type === "select");
  if (chosen.length === 0) return;
  const next = new Set(graphStore.getState().selection);
  for (const { id, selected } of chosen) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  select(next);
}

/** Places while a drag goes on, and sizes while a note is resized; its end is an edit of the graph. */
function hold(before: Held, changes: NodeChange<CanvasNode>[]): Held {
  const next = new Map(before);
  for (const change of changes) {
    if (change.type === "position" && change.dragging && change.position) {
      next.set(change.id, { ...next.get(change.id), ...change.position });
    } else if (change.type === "dimensions" && change.resizing && change.dimensions) {
      next.set(change.id, { ...next.get(change.id), ...change.dimensions });
    } else if (change.type === "dimensions" && change.resizing === false) {
      next.delete(change.id);
    }
  }
  return next.size === 0 && before.size === 0 ? before : next;
}
