import type { EditorCommand } from "../command";

export const fitToView: EditorCommand = {
  id: "fitToView",
  title: "Fit to view",
  scope: "editor",
  keys: ["1"],
  icon: "fit",
  enabled: () => true,
  perform: ({ view }) => view.fit(),
};
