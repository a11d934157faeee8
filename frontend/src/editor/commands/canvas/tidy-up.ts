import type { EditorCommand } from "../command";
import { canEdit } from "../target";

export const tidyUp: EditorCommand = {
  id: "tidyUp",
  title: "Tidy up",
  scope: "canvas",
  keys: [],
  icon: "tidy",
  enabled: canEdit,
  perform: ({ view }) => view.tidyUp(),
};
