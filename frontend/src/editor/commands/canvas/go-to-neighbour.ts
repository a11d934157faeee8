import { getRunOrder } from "../../../graph/run-order";
import { graphStore, select } from "../../../graph/store";
import { focusNode } from "../../canvas/gestures/focus";
import { findNeighbour } from "../../canvas/gestures/neighbours";
import { readDirection } from "../arrow-keys";
import type { EditorCommand } from "../command";
import { findTargetNode } from "../target";

/** Selects the card that the edges lead to; with no card chosen, the first one of the run. */
export const goToNeighbour: EditorCommand = {
  id: "goToNeighbour",
  title: "Go to the next card along the edges",
  scope: "canvas",
  keys: ["arrowright", "arrowleft", "arrowup", "arrowdown"],
  icon: "right",
  readsKey: true,
  enabled: () => true,
  perform: ({ actions }, pressed) => {
    if (!pressed) return;
    const { graph } = graphStore.getState();
    const from = findTargetNode()?.id;
    const next =
      from === undefined
        ? getRunOrder(graph, actions).nodeIds[0]
        : findNeighbour(graph, actions, from, readDirection(pressed));
    if (next === undefined || next === null) return;
    select([next]);
    focusNode(next);
  },
};
