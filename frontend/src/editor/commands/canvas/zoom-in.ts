import type { EditorCommand } from "../command";

export const zoomIn: EditorCommand = {
  id: "zoomIn",
  title: "Zoom in",
  scope: "editor",
  keys: ["+", "="],
  icon: "add",
  enabled: () => true,
  perform: ({ view }) => view.zoomIn(),
};
