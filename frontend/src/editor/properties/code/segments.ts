/** Marks the segments of a template: each is violet, and one unit for the caret and for Delete. */
import {
  type EditorState,
  Prec,
  RangeSetBuilder,
  StateEffect,
  StateField,
  type Transaction,
} from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap } from "@codemirror/view";
import { isUnknownPath } from "../picker/scope";
import { type Segment, findSegments } from "../../../graph/bindings";
import { nodeScope } from "./node-scope";
import styles from "./CodeEditor.module.css";

interface SegmentState {
  all: Segment[];
  /** Where the segment starts that is open for editing letter by letter. */
  open: number | null;
  marks: DecorationSet;
  /** The segments that the caret moves over as one unit. */
  units: DecorationSet;
}

const openSegment = StateEffect.define<number>();

const segmentField = StateField.define<SegmentState>({
  create: (state) => readSegments(state, null),
  update: (value, transaction) => {
    const open = findOpenSegment(value.open, transaction);
    const same = transaction.state.facet(nodeScope) === transaction.startState.facet(nodeScope);
    return !transaction.docChanged && same && open === value.open
      ? value
      : readSegments(transaction.state, open);
  },
  provide: (field) => [
    EditorView.decorations.from(field, ({ marks }) => marks),
    EditorView.atomicRanges.of((view) => view.state.field(field).units),
  ],
});

/** Opens the segment at the caret after a double click or F2; it is one unit again when the caret leaves it. */
export const segmentUnits = [
  segmentField,
  Prec.high(keymap.of([{ key: "F2", run: (view) => openSegmentAt(view, view.state.selection.main.head) }])),
  EditorView.domEventHandlers({
    dblclick: (event, view) => openSegmentAt(view, view.posAtCoords(event) ?? -1),
  }),
];

function readSegments(state: EditorState, open: number | null): SegmentState {
  const { scope, tokens } = state.facet(nodeScope);
  const all = findSegments(state.doc.toString(), tokens);
  const marks = new RangeSetBuilder<Decoration>();
  const units = new RangeSetBuilder<Decoration>();
  for (const segment of all) {
    const unknown = segment.kind === "expression" && isUnknownPath(scope, segment.source);
    const mark = createMark(unknown, segment.from === open);
    marks.add(segment.from, segment.to, mark);
    if (segment.from !== open) units.add(segment.from, segment.to, mark);
  }
  return { all, open, marks: marks.finish(), units: units.finish() };
}

function createMark(unknown: boolean, open: boolean): Decoration {
  const names = [styles.segment, unknown && styles.unknown, open && styles.open];
  return Decoration.mark({ class: names.filter(Boolean).join(" ") });
}

/** The open segment after a change: it stays open while the caret is in it. */
function findOpenSegment(open: number | null, transaction: Transaction): number | null {
  const asked = transaction.effects.find((effect) => effect.is(openSegment));
  if (asked) return asked.value;
  if (open === null) return null;
  const from = transaction.changes.mapPos(open, -1);
  const { head } = transaction.state.selection.main;
  const tokens = transaction.state.facet(nodeScope).tokens;
  const here = findSegments(transaction.state.doc.toString(), tokens).find(
    (segment) => segment.from === from,
  );
  return here && head > here.from && head < here.to ? from : null;
}

function openSegmentAt(view: EditorView, position: number): boolean {
  const found = view.state
    .field(segmentField)
    .all.find(({ kind, from, to }) => kind === "expression" && from <= position && position <= to);
  if (!found || view.state.readOnly) return false;
  const start = view.state.doc.sliceString(found.from, found.to).indexOf(found.source) + found.from;
  view.dispatch({
    effects: openSegment.of(found.from),
    selection: { anchor: start, head: start + found.source.length },
  });
  return true;
}
