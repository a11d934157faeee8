import { isRunning, shownRunStore } from "../../../run/store";
import type { EditorCommand } from "../command";
import { canEdit } from "../target";

export const stop: EditorCommand = {
  id: "stop",
  title: "Stop",
  scope: "editor",
  keys: ["mod+."],
  icon: "stopped",
  worksInTexts: true,
  enabled: () => canEdit() && isRunning(shownRunStore.getState().state),
  perform: ({ runControls }) => void runControls.stop(),
};
