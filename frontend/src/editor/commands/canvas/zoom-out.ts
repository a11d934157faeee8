import type { EditorCommand } from "../command";

export const zoomOut: EditorCommand = {
  id: "zoomOut",
  title: "Zoom out",
  scope: "editor",
  keys: ["-"],
  icon: "dash",
  enabled: () => true,
  perform: ({ view }) => view.zoomOut(),
};
