/** Colours the keys, texts and numbers of JSON. */
import {
  Decoration,
  type DecorationSet,
  MatchDecorator,
  ViewPlugin,
  type EditorView,
} from "@codemirror/view";
import styles from "./CodeEditor.module.css";

const PART_PATTERN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const key = Decoration.mark({ class: styles.key });
const text = Decoration.mark({ class: styles.text });
const figure = Decoration.mark({ class: styles.figure });

const colours = new MatchDecorator({
  regexp: PART_PATTERN,
  decorate: (add, from, to, match) => {
    const [, quoted, colon = ""] = match;
    if (quoted) add(from, to - colon.length, colon ? key : text);
    else add(from, to, figure);
  },
});

export const jsonColours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = colours.createDeco(view);
    }
    update(update: Parameters<MatchDecorator["updateDeco"]>[0]) {
      this.decorations = colours.updateDeco(update, this.decorations);
    }
  },
  { decorations: ({ decorations }) => decorations },
);
