import { changeCanvasUi } from "../../canvas/ui-store";
import type { EditorCommand } from "../command";
import { canEditTarget, findTargetNode } from "../target";

/** Turns the title of the card into a text field. */
export const rename: EditorCommand = {
  id: "rename",
  title: "Rename",
  scope: "selection",
  keys: ["f2"],
  icon: "edit",
  enabled: canEditTarget,
  perform: () => changeCanvasUi({ renamedNode: findTargetNode()?.id ?? null }),
};
