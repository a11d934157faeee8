/** Which key does what. Pure: a table, read by the handler, the list of keys and the tests. */

export type Act =
  | "menu"
  | "run"
  | "stop"
  | "save"
  | "undo"
  | "redo"
  | "find"
  | "palette"
  | "properties"
  | "runPanel"
  | "fit"
  | "zoomIn"
  | "zoomOut"
  | "help"
  | "walk"
  | "nudge"
  | "addAfter"
  | "connect"
  | "rename"
  | "disable"
  | "duplicate"
  | "delete"
  | "note"
  | "selectAll"
  | "leave";

export type KeyGroup = "Anywhere" | "On the canvas";

interface Binding {
  act: Act;
  group: KeyGroup;
  /** As pressed: `mod` is ⌘ on a Mac and Ctrl elsewhere. Several spellings of one act follow each other. */
  keys: readonly string[];
  words: string;
}

export const bindings: readonly Binding[] = [
  { act: "find", group: "Anywhere", keys: ["/"], words: "Find an action" },
  { act: "menu", group: "Anywhere", keys: ["mod+k"], words: "Commands and nodes" },
  { act: "run", group: "Anywhere", keys: ["mod+enter"], words: "Run" },
  { act: "stop", group: "Anywhere", keys: ["mod+."], words: "Stop" },
  { act: "save", group: "Anywhere", keys: ["mod+s"], words: "Save now" },
  { act: "undo", group: "Anywhere", keys: ["mod+z"], words: "Undo" },
  { act: "redo", group: "Anywhere", keys: ["mod+shift+z", "mod+y"], words: "Redo" },
  { act: "palette", group: "Anywhere", keys: ["["], words: "Show or hide actions" },
  { act: "properties", group: "Anywhere", keys: ["]"], words: "Show or hide properties" },
  { act: "runPanel", group: "Anywhere", keys: ["`"], words: "Show or hide the run panel" },
  { act: "fit", group: "Anywhere", keys: ["1"], words: "Fit to view" },
  { act: "zoomIn", group: "Anywhere", keys: ["+", "="], words: "Zoom in" },
  { act: "zoomOut", group: "Anywhere", keys: ["-"], words: "Zoom out" },
  { act: "help", group: "Anywhere", keys: ["?"], words: "This list" },
  {
    act: "walk",
    group: "On the canvas",
    keys: ["arrowright", "arrowleft", "arrowup", "arrowdown"],
    words: "Walk the edges",
  },
  {
    act: "nudge",
    group: "On the canvas",
    keys: ["alt", "alt+shift"].flatMap((mod) =>
      ["right", "left", "up", "down"].map((way) => `${mod}+arrow${way}`),
    ),
    words: "Move by 4, with Shift by 16",
  },
  { act: "addAfter", group: "On the canvas", keys: ["enter"], words: "Add an action after" },
  { act: "connect", group: "On the canvas", keys: ["c"], words: "Connect, then arrows and Enter" },
  { act: "rename", group: "On the canvas", keys: ["f2"], words: "Rename" },
  { act: "disable", group: "On the canvas", keys: ["d"], words: "Disable or enable" },
  { act: "duplicate", group: "On the canvas", keys: ["mod+d"], words: "Duplicate" },
  { act: "delete", group: "On the canvas", keys: ["backspace", "delete"], words: "Delete" },
  { act: "note", group: "On the canvas", keys: ["n"], words: "Add a note" },
  { act: "selectAll", group: "On the canvas", keys: ["mod+a"], words: "Select all" },
  { act: "leave", group: "On the canvas", keys: ["escape"], words: "Leave" },
];

interface Pressed {
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** Signs that a keyboard may need Shift for: the sign counts, not how it was made. */
const SIGNS = new Set(["?", "+", "=", "/", "[", "]", "`", "-", "."]);

export function spell({ key, metaKey, ctrlKey, altKey, shiftKey }: Pressed): string {
  const sign = SIGNS.has(key);
  return [
    metaKey || ctrlKey ? "mod" : "",
    altKey && !sign ? "alt" : "",
    shiftKey && !sign ? "shift" : "",
    key.toLowerCase(),
  ]
    .filter(Boolean)
    .join("+");
}

const byKeys = new Map(bindings.flatMap((binding) => binding.keys.map((keys) => [keys, binding] as const)));

export interface Place {
  /** The key is a letter of a text. */
  writing: boolean;
  /** A dialog, a menu or the palette's list has the keys. */
  elsewhere: boolean;
  /** The focus is on the canvas, or nowhere. */
  canvas: boolean;
}

/** The act of a key at this place, or null when the key is not ours there. */
export function actOf(pressed: Pressed, { writing, elsewhere, canvas }: Place): Act | null {
  const keys = spell(pressed);
  const binding = byKeys.get(keys);
  if (!binding || elsewhere) return null;
  if (writing) return WHILE_WRITING.has(binding.act) ? binding.act : null;
  return binding.group === "On the canvas" && !canvas ? null : binding.act;
}

/** Undo is left to the text that is written. */
const WHILE_WRITING: ReadonlySet<Act> = new Set<Act>(["menu", "run", "stop", "save"]);

const names: Record<string, string> = {
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
const pcNames: Record<string, string> = {
  ...names,
  mod: "Ctrl",
  alt: "Alt",
  shift: "Shift",
  enter: "Enter",
  backspace: "Backspace",
};

/** Keys as they stand on the keyboard: `⌘K`, `Ctrl K`. */
export function keyWords(keys: string, mac: boolean): string {
  const table = mac ? names : pcNames;
  return keys
    .split(/\+(?=.)/)
    .map((key) => table[key] ?? key.toUpperCase())
    .join(mac ? "" : " ");
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function keysOf(act: Act): string {
  const keys = bindings.find((binding) => binding.act === act)?.keys[0];
  return keys === undefined ? "" : keyWords(keys, isMac);
}
