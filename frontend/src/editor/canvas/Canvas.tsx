import "@xyflow/react/dist/base.css";
import { Background, BackgroundVariant, MiniMap, ReactFlow, SelectionMode, useStore } from "@xyflow/react";
import type { CSSProperties, MouseEvent, ReactNode } from "react";
import { graphStore, select } from "../../graph/store";
import { useGraph } from "../../graph/useGraph";
import { AttachmentEdge } from "./edges/AttachmentEdge";
import styles from "./Canvas.module.css";
import type { CanvasNode } from "./canvas-items";
import { ConnectionLine } from "./edges/ConnectionLine";
import { ExecutionEdge } from "./edges/ExecutionEdge";
import { focusNode } from "./gestures/focus";
import { GRID_PX, MAP_SIZE_PX } from "./placement/geometry";
import { NodeCard } from "./card/NodeCard";
import { NoteCard } from "./card/NoteCard";
import { changeCanvasUi } from "./ui-store";
import { useMapOpen } from "./useMapOpen";
import { useRevealSelected } from "./useRevealSelected";
import { useCanvasItems } from "./useCanvasItems";
import { useConnectGestures } from "./gestures/useConnectGestures";
import { useDropGestures } from "./gestures/useDropGestures";
import { MIN_ZOOM, MAX_ZOOM, useCanvasView } from "./useCanvasView";

const nodeTypes = { card: NodeCard, note: NoteCard };
const edgeTypes = { execution: ExecutionEdge, attachment: AttachmentEdge };
const SNAP_GRID_PX: [number, number] = [GRID_PX, GRID_PX];
/** The distance of the dots on the screen, the same at every zoom. */
const DOT_GAP_PX = 16;
/** Below this zoom a card shows only its head. */
const FAR_ZOOM = 0.7;

/** The canvas with the flow. `children` lie above it. */
export function Canvas({ children }: { children?: ReactNode }) {
  const readOnly = useGraph((graph) => graph.readOnly);
  const { nodes, edges, onNodesChange, onEdgesChange, onDragStop } = useCanvasItems();
  const connecting = useConnectGestures();
  const dropping = useDropGestures();
  const view = useCanvasView();
  useRevealSelected();
  const isMapOpen = useMapOpen((map) => map.isOpen);
  const zoom = useStore(({ transform }) => Math.round(transform[2] * 20) / 20);
  return (
    <div
      className={styles.canvas}
      data-canvas=""
      data-zoom={zoom < FAR_ZOOM ? "far" : "near"}
      style={{ "--zoom": zoom } as CSSProperties}
      {...(readOnly ? {} : dropping)}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStop={onDragStop}
        onSelectionDragStop={(event, dragged) => onDragStop(event, null, dragged)}
        onNodeContextMenu={openCardMenu}
        onInit={() => view.fit(0)}
        {...connecting}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        connectionLineComponent={ConnectionLine}
        connectionRadius={20}
        snapToGrid
        snapGrid={SNAP_GRID_PX}
        minZoom={MIN_ZOOM}
        maxZoom={MAX_ZOOM}
        selectionMode={SelectionMode.Partial}
        panOnScroll
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        edgesFocusable={false}
        disableKeyboardA11y
        elevateNodesOnSelect={false}
        aria-label="Canvas"
        proOptions={{ hideAttribution: true }}
      >
        <Dots />
        {isMapOpen ? <Overview /> : null}
      </ReactFlow>
      {children}
    </div>
  );
}

function Overview() {
  return (
    <MiniMap<CanvasNode>
      className={styles.map}
      style={MAP_SIZE_PX}
      pannable
      ariaLabel="Overview"
      nodeBorderRadius={10}
      nodeColor={({ data, selected }) =>
        selected ? "var(--accent)" : "action" in data ? `var(--role-${data.action.role})` : "var(--line)"
      }
    />
  );
}

/** Opens the menu of the selected cards; of this card alone when it is not selected. A text field keeps its own menu. */
function openCardMenu(event: MouseEvent, { id }: CanvasNode): void {
  const { readOnly, selection } = graphStore.getState();
  const isText = event.target instanceof Element && event.target.closest("input, textarea");
  if (readOnly || isText) return;
  event.preventDefault();
  if (!selection.has(id)) select([id]);
  focusNode(id);
  changeCanvasUi({ cardMenu: { x: event.clientX, y: event.clientY } });
}

function Dots() {
  const zoom = useStore(({ transform }) => transform[2]);
  return <Background variant={BackgroundVariant.Dots} gap={DOT_GAP_PX / zoom} size={2 / zoom} />;
}
