import { graphStore, select } from "../../../graph/store";
import type { EditorCommand } from "../command";

export const selectAll: EditorCommand = {
  id: "selectAll",
  title: "Select all",
  scope: "canvas",
  keys: ["mod+a"],
  icon: "tick",
  enabled: () => true,
  perform: () => {
    const { nodes, notes } = graphStore.getState().graph;
    select([...nodes, ...notes].map((item) => item.id));
  },
};
