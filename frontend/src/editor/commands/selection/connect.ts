import { graphStore } from "../../../graph/store";
import { startKeyConnect } from "../../canvas/gestures/key-connect";
import { changeCanvasUi } from "../../canvas/ui-store";
import type { EditorCommand } from "../command";
import { canEditTarget, findTargetNode } from "../target";

/** Starts to choose two ports with the arrow keys; `Enter` connects them. */
export const connect: EditorCommand = {
  id: "connect",
  title: "Connect with the keyboard",
  scope: "selection",
  keys: ["c"],
  icon: "plug",
  enabled: canEditTarget,
  perform: ({ actions }) => {
    const node = findTargetNode();
    if (node) changeCanvasUi({ keyConnect: startKeyConnect(graphStore.getState().graph, actions, node) });
  },
};
