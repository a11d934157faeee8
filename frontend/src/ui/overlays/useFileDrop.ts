import { type DragEvent, useState } from "react";

/** Handles files that are dropped on a part of the page; `over` is true while files are dragged above it. */
export function useFileDrop(onFiles: ((files: File[]) => void) | undefined) {
  const [depth, setDepth] = useState(0);
  const holdsFiles = (event: DragEvent) =>
    onFiles !== undefined && event.dataTransfer.types.includes("Files");
  const props = {
    onDragEnter: (event: DragEvent) => holdsFiles(event) && setDepth((before) => before + 1),
    // The drag also enters and leaves the children, so it is over until it has left all of them.
    onDragLeave: (event: DragEvent) => holdsFiles(event) && setDepth((before) => Math.max(0, before - 1)),
    onDragOver: (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
    },
    onDrop: (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setDepth(0);
      onFiles?.([...event.dataTransfer.files]);
    },
  };
  return { over: depth > 0, props };
}
