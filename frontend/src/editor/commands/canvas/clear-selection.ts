import { select } from "../../../graph/store";
import type { EditorCommand } from "../command";

/** Selects nothing, and takes the focus from the card that has it. */
export const clearSelection: EditorCommand = {
  id: "clearSelection",
  title: "Clear the selection",
  scope: "canvas",
  keys: ["escape"],
  icon: "close",
  enabled: () => true,
  perform: () => {
    select([]);
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  },
};
