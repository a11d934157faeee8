import { useStore } from "@xyflow/react";
import { useGraph } from "../../graph/useGraph";
import { Button, IconButton } from "../../ui/controls/Button";
import { Tooltip } from "../../ui/overlays/Tooltip";
import { toggleMap, useMapOpen } from "./useMapOpen";
import { useCanvasView } from "./useCanvasView";
import styles from "./ZoomBar.module.css";

export function ZoomBar() {
  const view = useCanvasView();
  const percent = useStore(({ transform }) => Math.round(transform[2] * 100));
  const isMapOpen = useMapOpen((map) => map.isOpen);
  const readOnly = useGraph((graph) => graph.readOnly);
  return (
    <div className={styles.bar} role="toolbar" aria-label="View">
      <Tooltip text="Zoom out  −" side="top">
        <IconButton icon="dash" label="Zoom out" onClick={view.zoomOut} />
      </Tooltip>
      <Tooltip text="Back to 100 %" side="top">
        <Button kind="quiet" className={styles.percent} onClick={view.zoomToFull}>
          {percent} %
        </Button>
      </Tooltip>
      <Tooltip text="Zoom in  +" side="top">
        <IconButton icon="add" label="Zoom in" onClick={view.zoomIn} />
      </Tooltip>
      <span className={styles.line} />
      <Tooltip text="Fit to view  1" side="top">
        <IconButton icon="fit" label="Fit to view" onClick={() => view.fit()} />
      </Tooltip>
      <Tooltip text={isMapOpen ? "Hide the overview" : "Show the overview"} side="top">
        <IconButton
          icon="map"
          label="Overview"
          aria-pressed={isMapOpen}
          className={styles.mapButton}
          onClick={toggleMap}
        />
      </Tooltip>
      {readOnly ? null : (
        <>
          <Tooltip text="Tidy up" side="top">
            <IconButton icon="tidy" label="Tidy up" onClick={view.tidyUp} />
          </Tooltip>
          <Tooltip text="Add a note  N" side="top">
            <IconButton icon="note" label="Add a note" onClick={view.addNote} />
          </Tooltip>
        </>
      )}
    </div>
  );
}
