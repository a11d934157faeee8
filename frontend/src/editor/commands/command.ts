/** What a command of the editor is. `all-commands.ts` lists them. */
import type { ActionIndex } from "../../graph/action-index";
import type { Autosave } from "../../saving/autosave";
import type { IconName } from "../../ui/icons/Icon";
import type { CanvasView } from "../canvas/useCanvasView";
import type { RunControls } from "../run-controls";

/** The parts of the open editor that commands work with. */
export interface EditorTools {
  actions: ActionIndex;
  autosave: Autosave;
  runControls: RunControls;
  view: CanvasView;
  /** Puts the focus into the search field of the palette. */
  focusPaletteSearch: () => void;
  openCommandMenu: () => void;
  openShortcutSheet: () => void;
}

/** The part of a key press that the editor reads. */
export interface PressedKey {
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export interface EditorCommand {
  id: string;
  /** The name in the command menu, the card menu and the shortcut sheet. */
  title: string;
  /** The name in the card menu, where the selected cards decide it. */
  getCardTitle?: () => string;
  /**
   * `editor`: its keys work anywhere in the editor. `canvas`: they work while the canvas has the focus. `selection`:
   * they do too, and the command changes the selected cards; the card menu shows these commands.
   */
  scope: "editor" | "canvas" | "selection";
  /** The keys as they are pressed: `mod` is ⌘ on a Mac and Ctrl elsewhere. The menus show the first. */
  keys: readonly string[];
  icon: IconName;
  /** It destroys something, so the card menu shows it in red. */
  isDangerous?: boolean;
  /** The keys also work while the person writes in a text field. */
  worksInTexts?: boolean;
  /** The keys also work in a text whose every letter is an edit of the graph. */
  worksInGraphTexts?: boolean;
  /** It does another thing for each of its keys, such as the arrow keys, so no menu shows it. */
  readsKey?: boolean;
  /** Whether it can do something now. The menus leave it out when it cannot. */
  enabled: (tools: EditorTools) => boolean;
  /** `pressed` is the key that was pressed; a menu passes none. */
  perform: (tools: EditorTools, pressed?: PressedKey) => void;
}
