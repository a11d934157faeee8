import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useMemo, useState } from "react";
import { useActions } from "../../graph/useActions";
import { select, graphStore } from "../../graph/store";
import { useGraph } from "../../graph/useGraph";
import { useJudgedProblems } from "../../graph/useJudgedProblems";
import { moveItemsTo } from "./edits";
import { createCanvasEdges, type CanvasNode, createCanvasNodes, type PendingMoves } from "./canvas-items";
import type { FlowEdge } from "./edges/ExecutionEdge";

const NO_MOVES: PendingMoves = new Map();

/**
 * The items that React Flow draws, and the handlers of its changes. A drag stays outside the graph until its end,
 * which is one edit.
 */
export function useCanvasItems() {
  const actions = useActions();
  const graph = useGraph((state) => state.graph);
  const selection = useGraph((state) => state.selection);
  const problems = useJudgedProblems(({ faults }) => faults);
  const [pendingMoves, setPendingMoves] = useState<PendingMoves>(NO_MOVES);
  const nodes = useMemo(
    () => createCanvasNodes({ graph, actions, selection, pendingMoves, problems }),
    [graph, actions, selection, pendingMoves, problems],
  );
  const edges = useMemo(() => createCanvasEdges(graph, actions, selection), [graph, actions, selection]);
  const onNodesChange = (changes: NodeChange<CanvasNode>[]): void => {
    applySelection(changes);
    setPendingMoves((before) => applyChanges(before, changes));
  };
  const onDragStop = (_: unknown, __: unknown, dragged: CanvasNode[]): void => {
    moveItemsTo(new Map(dragged.filter(hasMoved).map(({ id, position }) => [id, position])));
    setPendingMoves(NO_MOVES);
  };
  return { nodes, edges, onNodesChange, onEdgesChange: applySelection, onDragStop };
}

/** Whether a drag moved the item: a click is not an edit. */
function hasMoved({ id, position }: CanvasNode): boolean {
  const { nodes, notes } = graphStore.getState().graph;
  const before = [...nodes, ...notes].find((item) => item.id === id)?.position;
  return before?.x !== position.x || before.y !== position.y;
}

function applySelection(changes: (NodeChange<CanvasNode> | EdgeChange<FlowEdge>)[]): void {
  const chosen = changes.filter((change) => change.type === "select");
  if (chosen.length === 0) return;
  const next = new Set(graphStore.getState().selection);
  for (const { id, selected } of chosen) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  select(next);
}

/** Collects the places of a drag and the sizes of a resize until they end, which is an edit. */
function applyChanges(before: PendingMoves, changes: NodeChange<CanvasNode>[]): PendingMoves {
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
