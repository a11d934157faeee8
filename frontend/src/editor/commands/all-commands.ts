/** Every command of the editor, in the order of the menus and of the shortcut sheet. */
import { addNote } from "./canvas/add-note";
import { clearSelection } from "./canvas/clear-selection";
import { fitToView } from "./canvas/fit-to-view";
import { goToNeighbour } from "./canvas/go-to-neighbour";
import { selectAll } from "./canvas/select-all";
import { tidyUp } from "./canvas/tidy-up";
import { zoomIn } from "./canvas/zoom-in";
import { zoomOut } from "./canvas/zoom-out";
import type { EditorCommand } from "./command";
import { publish } from "./flow/publish";
import { redo } from "./flow/redo";
import { run } from "./flow/run";
import { save } from "./flow/save";
import { stop } from "./flow/stop";
import { undo } from "./flow/undo";
import { addAfter } from "./selection/add-after";
import { connect } from "./selection/connect";
import { deleteSelection } from "./selection/delete";
import { disable } from "./selection/disable";
import { duplicate } from "./selection/duplicate";
import { moveSelection } from "./selection/move";
import { rename } from "./selection/rename";
import { findAction } from "./view/find-action";
import { openCommandMenu } from "./view/open-command-menu";
import { showEvents } from "./view/show-events";
import { showRuns } from "./view/show-runs";
import { showProblems } from "./view/show-problems";
import { showShortcuts } from "./view/show-shortcuts";
import { showVersions } from "./view/show-versions";
import { togglePalette } from "./view/toggle-palette";
import { toggleProperties } from "./view/toggle-properties";
import { toggleRunPanel } from "./view/toggle-run-panel";

export const allCommands: readonly EditorCommand[] = [
  run,
  stop,
  save,
  publish,
  undo,
  redo,
  goToNeighbour,
  moveSelection,
  addAfter,
  connect,
  rename,
  duplicate,
  disable,
  deleteSelection,
  addNote,
  tidyUp,
  selectAll,
  clearSelection,
  findAction,
  openCommandMenu,
  fitToView,
  zoomIn,
  zoomOut,
  togglePalette,
  toggleProperties,
  toggleRunPanel,
  showEvents,
  showProblems,
  showRuns,
  showVersions,
  showShortcuts,
];
