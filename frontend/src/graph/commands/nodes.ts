import type { Binding, Graph, GraphNode, Position } from "../../api/types";

export function addNode(graph: Graph, node: GraphNode): Graph {
  return { ...graph, nodes: [...graph.nodes, node] };
}

interface PropertyEdit {
  node: string;
  name: string;
  /** `undefined` removes the value. */
  value: Binding | undefined;
}

export function setProperty(graph: Graph, { node: id, name, value }: PropertyEdit): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (node.id === id ? bindProperty(node, name, value) : node)),
  };
}

function bindProperty(node: GraphNode, name: string, value: Binding | undefined): GraphNode {
  const others = Object.entries(node.properties).filter(([key]) => key !== name);
  const properties = value === undefined ? Object.fromEntries(others) : { ...node.properties, [name]: value };
  return { ...node, properties };
}

/** Disables these nodes; enables them when all of them are disabled. */
export function toggleDisabled(graph: Graph, ids: ReadonlySet<string>): Graph {
  const chosen = graph.nodes.filter((node) => ids.has(node.id));
  const enable = chosen.every((node) => node.properties.disabled === true);
  const value = enable ? undefined : true;
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (ids.has(node.id) ? bindProperty(node, "disabled", value) : node)),
  };
}

/** Moves nodes and notes to these places, by id. */
export function moveItems(graph: Graph, places: ReadonlyMap<string, Position>): Graph {
  const moved = <T extends { id: string; position: Position }>(item: T): T => {
    const position = places.get(item.id);
    return position ? { ...item, position } : item;
  };
  return { ...graph, nodes: graph.nodes.map(moved), notes: graph.notes.map(moved) };
}

/** Moves items by a distance. */
export function shiftItems(graph: Graph, ids: ReadonlySet<string>, by: Position): Graph {
  const places = [...graph.nodes, ...graph.notes]
    .filter((item) => ids.has(item.id))
    .map((item) => [item.id, { x: item.position.x + by.x, y: item.position.y + by.y }] as const);
  return moveItems(graph, new Map(places));
}
