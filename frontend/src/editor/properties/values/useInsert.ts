import { createContext } from "react";
import { useShallow } from "zustand/react/shallow";
import type { GraphNode } from "../../../api/types";
import { setProperty } from "../../../graph/commands/nodes";
import { findInsertTarget, insertPath } from "../../../graph/insert-path";
import { edit, select } from "../../../graph/store";
import { useActions } from "../../../graph/useActions";
import { useGraph } from "../../../graph/useGraph";

interface Insert {
  /** The field in words. */
  title: string;
  perform: (path: string) => void;
}

export const InsertContext = createContext<Insert | null>(null);

/** How a variable of this node goes into the field that the person was in last; null when that field takes none. */
export function useInsert(source: GraphNode, onInserted: () => void): Insert | null {
  const actions = useActions();
  const place = useGraph(
    useShallow(({ graph, analysis, visits, readOnly }) => ({ graph, analysis, visits, readOnly })),
  );
  const target = findInsertTarget(place, actions, source.id);
  if (target === null) return null;
  const { node, property, title } = target;
  const perform = (path: string) => {
    const value = insertPath(property, node.properties[property.name], path);
    edit("Insert expression", (graph) => setProperty(graph, { node: node.id, name: property.name, value }));
    select([node.id]);
    onInserted();
  };
  return { title, perform };
}
