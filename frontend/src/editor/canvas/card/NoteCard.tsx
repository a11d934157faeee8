import { type Node, type NodeProps, NodeResizer } from "@xyflow/react";
import { type KeyboardEvent, memo, useState } from "react";
import type { GraphNote } from "../../../api/types";
import { changeNote } from "../../../graph/commands/notes";
import { edit } from "../../../graph/store";
import { useGraph } from "../../../graph/useGraph";
import { joinClasses } from "../../../ui/classes";
import { snapToGrid } from "../placement/geometry";
import { ChangeMark } from "./ChangeMark";
import styles from "./NoteCard.module.css";

export type NoteNode = Node<{ note: GraphNote }, "note">;

const MIN_NOTE_SIZE_PX = { minWidth: 120, minHeight: 64 };

/** Whether the key undoes or redoes, which belongs to the graph: every letter of a note is an edit. */
function isUndo({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return (ctrlKey || metaKey) && ["z", "y"].includes(key.toLowerCase());
}

/** A note on the canvas for the people who edit the flow. A run ignores it. */
export const NoteCard = memo(function NoteCard({ data: { note }, selected }: NodeProps<NoteNode>) {
  const readOnly = useGraph((state) => state.readOnly);
  const [isNew] = useState(selected && note.text === "" && !readOnly);
  const resized = (
    _: unknown,
    { x, y, width, height }: { x: number; y: number; width: number; height: number },
  ) => {
    const size = {
      position: { x: snapToGrid(x), y: snapToGrid(y) },
      width: snapToGrid(width),
      height: snapToGrid(height),
    };
    edit("Resize note", (graph) => changeNote(graph, note.id, size));
  };
  const typed = (text: string): void =>
    edit("Edit note", (graph) => changeNote(graph, note.id, { text }), { key: `note ${note.id}` });
  return (
    <>
      {readOnly ? null : (
        <NodeResizer
          {...MIN_NOTE_SIZE_PX}
          isVisible={selected}
          onResizeEnd={resized}
          lineClassName={styles.edge}
          handleClassName={styles.corner}
        />
      )}
      <textarea
        className={joinClasses(styles.note, selected && styles.selected, "nodrag", "nowheel")}
        aria-label="Note"
        data-graph-text=""
        placeholder="Note"
        value={note.text}
        readOnly={readOnly}
        autoFocus={isNew}
        onChange={(event) => typed(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" && !isUndo(event)) event.stopPropagation();
        }}
      />
      <span className={styles.grip} aria-hidden="true" />
      <ChangeMark id={note.id} />
    </>
  );
});
