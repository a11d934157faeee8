/** Which command a key press performs, and how keys are written. */
import { allCommands } from "./all-commands";
import type { EditorCommand, PressedKey } from "./command";

/** What has the focus while a key is pressed. */
export interface KeyTarget {
  /** The person writes in a text field. */
  isText: boolean;
  /** Every letter of that text is an edit of the graph, so undo belongs to the graph. */
  isGraphText?: boolean;
  /** A dialog, a menu or the bar that connects by keys takes the keys. */
  isOverlay: boolean;
  /** The canvas has the focus, or nothing has it. */
  isCanvas: boolean;
}

/** Signs that some keyboards need Shift or ⌥ for: only the sign counts. */
const SIGN_KEYS = new Set(["?", "+", "=", "/", "[", "]", "`", "-", "."]);

/** The press in the spelling of `EditorCommand.keys`, such as `mod+shift+z`. */
function spellKeys({ key, metaKey, ctrlKey, altKey, shiftKey }: PressedKey): string {
  const isSign = SIGN_KEYS.has(key);
  return [
    metaKey || ctrlKey ? "mod" : "",
    altKey && !isSign ? "alt" : "",
    shiftKey && !isSign ? "shift" : "",
    key.toLowerCase(),
  ]
    .filter(Boolean)
    .join("+");
}

const commandsByKeys = new Map(
  allCommands.flatMap((command) => command.keys.map((keys) => [keys, command] as const)),
);

/** The command of a key press, or null where the key belongs to something else. */
export function findCommand(
  pressed: PressedKey,
  { isText, isGraphText = false, isOverlay, isCanvas }: KeyTarget,
): EditorCommand | null {
  const command = commandsByKeys.get(spellKeys(pressed));
  if (!command || isOverlay) return null;
  if (isText) return command.worksInTexts || (isGraphText && command.worksInGraphTexts) ? command : null;
  return command.scope === "editor" || isCanvas ? command : null;
}

const macKeys: Record<string, string> = {
  mod: "⌘",
  alt: "⌥",
  shift: "⇧",
  enter: "↵",
  arrowright: "→",
  arrowleft: "←",
  arrowup: "↑",
  arrowdown: "↓",
  backspace: "⌫",
  escape: "Esc",
  delete: "Del",
};
const pcKeys: Record<string, string> = {
  ...macKeys,
  mod: "Ctrl",
  alt: "Alt",
  shift: "Shift",
  enter: "Enter",
  backspace: "Backspace",
};

/** Keys as they stand on the keyboard: `⌘K`, `Ctrl K`. */
export function formatKeys(keys: string, mac: boolean = isMac): string {
  const names = mac ? macKeys : pcKeys;
  return keys
    .split(/\+(?=.)/)
    .map((key) => names[key] ?? key.toUpperCase())
    .join(mac ? "" : " ");
}

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The first keys of a command; empty when it has none. */
export function getShortcut({ keys: [first] }: EditorCommand): string {
  return first === undefined ? "" : formatKeys(first);
}
