/** Draws two versions as one graph: the newer one, and what the older one had besides. Pure. */
import type { ChangeKind, Graph, VersionComparison } from "../api/types";

export interface MergedGraphs {
  graph: Graph;
  /** What became of a node, an edge or a note, by its id in the merged graph. */
  marks: ReadonlyMap<string, ChangeKind>;
}

/** Ids of what was removed, so that they are those of no part of the newer graph. */
const REMOVED = "removed-";

export function mergeGraphs(before: Graph, after: Graph, changes: VersionComparison): MergedGraphs {
  const removed = {
    nodes: new Set(changes.nodes.filter(isRemoved).map(({ id }) => id)),
    edges: new Set(changes.edges.filter(({ change }) => change === "removed").map(({ id }) => id)),
    notes: new Set(changes.notes.filter(isRemoved).map(({ id }) => id)),
  };
  const nodes = before.nodes.filter(({ id }) => removed.nodes.has(id));
  const edges = before.edges.filter(({ id }) => removed.edges.has(id));
  const notes = before.notes.filter(({ id }) => removed.notes.has(id));
  const end = (node: string): string =>
    removed.nodes.has(node) && !after.nodes.some(({ id }) => id === node) ? `${REMOVED}${node}` : node;
  const graph = {
    ...after,
    nodes: [...after.nodes, ...nodes.map(rename)],
    edges: [
      ...after.edges,
      ...edges.map((edge) => ({ ...rename(edge), source: end(edge.source), target: end(edge.target) })),
    ],
    notes: [...after.notes, ...notes.map(rename)],
  };
  return { graph, marks: collectMarks(changes) };
}

function isRemoved({ kind }: { kind: ChangeKind }): boolean {
  return kind === "removed";
}

function rename<Part extends { id: string }>(part: Part): Part {
  return { ...part, id: `${REMOVED}${part.id}` };
}

function collectMarks({ nodes, edges, notes }: VersionComparison): Map<string, ChangeKind> {
  const parts = [...nodes, ...notes, ...edges.map(({ id, change }) => ({ id, kind: change }))];
  return new Map(parts.map(({ id, kind }) => [kind === "removed" ? `${REMOVED}${id}` : id, kind]));
}

/** The id of a change's part in the merged graph. */
export function getMergedId({ id, kind }: { id: string; kind: ChangeKind }): string {
  return kind === "removed" ? `${REMOVED}${id}` : id;
}
