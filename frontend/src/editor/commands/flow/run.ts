import { isRunning, shownRunStore } from "../../../run/store";
import type { EditorCommand } from "../command";
import { canEdit } from "../target";

/** Runs the flow with the test data of its trigger. */
export const run: EditorCommand = {
  id: "run",
  title: "Run",
  scope: "editor",
  keys: ["mod+enter"],
  icon: "play",
  worksInTexts: true,
  enabled: () => canEdit() && !isRunning(shownRunStore.getState().state),
  perform: ({ runControls }) => void runControls.run(),
};
