import { describe, expect, it } from "vitest";
import { allCommands } from "./all-commands";
import type { PressedKey } from "./command";
import { findCommand, formatKeys, type KeyTarget } from "./shortcuts";

const none = { metaKey: false, ctrlKey: false, altKey: false, shiftKey: false };
const canvas: KeyTarget = { isText: false, isOverlay: false, isCanvas: true };
const text: KeyTarget = { isText: true, isOverlay: false, isCanvas: false };
const graphText: KeyTarget = { ...text, isGraphText: true };
const panel: KeyTarget = { isText: false, isOverlay: false, isCanvas: false };

describe("a key press", () => {
  it.each<[string, Partial<PressedKey> & { key: string }, KeyTarget, string | undefined]>([
    ["⌘↵ runs", { key: "Enter", metaKey: true }, panel, "run"],
    ["Ctrl ↵ runs while a text is written", { key: "Enter", ctrlKey: true }, text, "run"],
    ["Enter adds on the canvas", { key: "Enter" }, canvas, "addAfter"],
    ["Enter belongs to a button elsewhere", { key: "Enter" }, panel, undefined],
    ["⇧⌘Z does again", { key: "Z", metaKey: true, shiftKey: true }, canvas, "redo"],
    ["⌘Z in a text belongs to the text", { key: "z", metaKey: true }, text, undefined],
    ["⌘Z in a text of the graph belongs to the graph", { key: "z", metaKey: true }, graphText, "undo"],
    ["and so does ⇧⌘Z", { key: "z", metaKey: true, shiftKey: true }, graphText, "redo"],
    ["a letter in a text of the graph is a letter", { key: "d" }, graphText, undefined],
    ["a letter in a text is a letter", { key: "d" }, text, undefined],
    ["⌥→ moves", { key: "ArrowRight", altKey: true }, canvas, "move"],
    ["⌥⇧→ moves further", { key: "ArrowRight", altKey: true, shiftKey: true }, canvas, "move"],
    ["→ goes to the next card", { key: "ArrowRight" }, canvas, "goToNeighbour"],
    ["? needs Shift on many keyboards", { key: "?", shiftKey: true }, canvas, "showShortcuts"],
    ["[ needs ⌥ on some", { key: "[", altKey: true }, canvas, "togglePalette"],
    ["⌘. stops", { key: ".", metaKey: true }, canvas, "stop"],
    ["⌘D duplicates", { key: "d", metaKey: true }, canvas, "duplicate"],
    ["D disables", { key: "d" }, canvas, "disable"],
    ["a dialog has its own keys", { key: "Escape" }, { ...canvas, isOverlay: true }, undefined],
    ["an unknown key does nothing", { key: "q" }, canvas, undefined],
  ])("%s", (_, pressed, target, id) => {
    expect(findCommand({ ...none, ...pressed }, target)?.id).toBe(id);
  });
});

it("no key performs two commands, and no two commands share an id or a title", () => {
  const keys = allCommands.flatMap((command) => command.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(allCommands.map(({ id }) => id)).size).toBe(allCommands.length);
  expect(new Set(allCommands.map(({ title }) => title)).size).toBe(allCommands.length);
});

it.each([
  ["mod+shift+z", "⌘⇧Z", "Ctrl Shift Z"],
  ["+", "+", "+"],
  ["backspace", "⌫", "Backspace"],
])("%s is written as on the keyboard", (keys, mac, pc) => {
  expect([formatKeys(keys, true), formatKeys(keys, false)]).toEqual([mac, pc]);
});
