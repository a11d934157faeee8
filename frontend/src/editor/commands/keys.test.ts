import { describe, expect, it } from "vitest";
import { type Act, actOf, bindings, keyWords, type Place } from "./keys";

const none = { metaKey: false, ctrlKey: false, altKey: false, shiftKey: false };
const canvas: Place = { writing: false, elsewhere: false, canvas: true };
const writing: Place = { writing: true, elsewhere: false, canvas: false };
const panel: Place = { writing: false, elsewhere: false, canvas: false };

describe("keys", () => {
  it.each<[string, Partial<typeof none> & { key: string }, Place, Act | null]>([
    ["⌘↵ runs", { key: "Enter", metaKey: true }, panel, "run"],
    ["Ctrl ↵ runs, also while a text is written", { key: "Enter", ctrlKey: true }, writing, "run"],
    ["Enter adds on the canvas", { key: "Enter" }, canvas, "addAfter"],
    ["Enter is the button's elsewhere", { key: "Enter" }, panel, null],
    ["⇧⌘Z does again", { key: "Z", metaKey: true, shiftKey: true }, canvas, "redo"],
    ["⌘Z in a text is the text's own", { key: "z", metaKey: true }, writing, null],
    ["a letter in a text is a letter", { key: "d" }, writing, null],
    ["⌥→ moves", { key: "ArrowRight", altKey: true }, canvas, "nudge"],
    ["⌥⇧→ moves further", { key: "ArrowRight", altKey: true, shiftKey: true }, canvas, "nudge"],
    ["→ walks", { key: "ArrowRight" }, canvas, "walk"],
    ["? needs Shift on many keyboards", { key: "?", shiftKey: true }, canvas, "help"],
    ["[ needs ⌥ on some", { key: "[", altKey: true }, canvas, "palette"],
    ["⌘. stops", { key: ".", metaKey: true }, canvas, "stop"],
    ["⌘D duplicates", { key: "d", metaKey: true }, canvas, "duplicate"],
    ["D disables", { key: "d" }, canvas, "disable"],
    ["a dialog has its keys", { key: "Escape" }, { ...canvas, elsewhere: true }, null],
    ["an unknown key is nobody's", { key: "q" }, canvas, null],
  ])("%s", (_, pressed, place, act) => {
    expect(actOf({ ...none, ...pressed }, place)).toBe(act);
  });

  it("no key does two things", () => {
    const all = bindings.flatMap((binding) => binding.keys);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each([
    ["mod+shift+z", "⌘⇧Z", "Ctrl Shift Z"],
    ["+", "+", "+"],
    ["backspace", "⌫", "Backspace"],
  ])("%s is written as on the keyboard", (keys, mac, pc) => {
    expect([keyWords(keys, true), keyWords(keys, false)]).toEqual([mac, pc]);
  });
});
