import { type RefObject, useEffect, useRef } from "react";
import type { Position } from "../../api/types";
import { deleteSelected, disableSelected, duplicateSelected, nudgeSelected } from "../canvas/acts";
import { startKeyConnect } from "../canvas/gestures/key-connect";
import { changeCanvasUi, useCanvasUi } from "../canvas/ui-store";
import { useCanvasView } from "../canvas/useCanvasView";
import { type Direction, findNeighbour } from "../canvas/gestures/neighbours";
import { type ActionIndex, getAction } from "../../graph/action-index";
import { useActions } from "../../graph/useActions";
import { findEdgeFrom, findNode } from "../../graph/document";
import { getRunOrder } from "../../graph/run-order";
import { listSourcePorts } from "../../graph/rules";
import type { Autosave } from "../../saving/autosave";
import { redoEdit, select, undoEdit, graphStore } from "../../graph/store";
import { getPlaceBesideCard, getFocusedNode, focusNode, focusSelected } from "../canvas/gestures/focus";
import { type Act, actOf, type Place } from "./keys";
import { changeLayout, isPaletteOpen, useLayout } from "../layout";
import { useRunControls } from "../run-controls";

interface KeyboardOptions {
  autosave: Autosave;
  search: RefObject<HTMLInputElement | null>;
  onMenu: () => void;
  onHelp: () => void;
}

type Handler = (event: KeyboardEvent) => void;

/** All keys of the editor, in one place: the table says which, this says what happens. */
export function useKeyboard(options: KeyboardOptions): void {
  const actions = useActions();
  const view = useCanvasView();
  const acts = useRunControls();
  const handlers: Record<Act, Handler> = {
    ...canvasHandlers(actions),
    ...layoutHandlers(options),
    run: () => void acts.run(),
    stop: () => void acts.stop(),
    save: () => void options.autosave.flush(),
    undo: undoEdit,
    redo: redoEdit,
    fit: () => view.fit(),
    zoomIn: view.zoomIn,
    zoomOut: view.zoomOut,
    note: view.addNote,
  };
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const act = event.defaultPrevented ? null : actOf(event, placeOf(event.target));
      if (act === null) return;
      event.preventDefault();
      latest.current[act](event);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

function placeOf(target: EventTarget | null): Place {
  const element = target instanceof HTMLElement ? target : document.body;
  const writing =
    element.isContentEditable || element.closest("input, textarea, select, [contenteditable]") !== null;
  const elsewhere = element.closest("[role=dialog], [role=menu], [role=alertdialog]") !== null;
  const onControl = element.closest("button, a, [role=tab], [role=separator]") !== null;
  const canvas = element === document.body || (element.closest("[data-canvas]") !== null && !onControl);
  return { writing, elsewhere: elsewhere || useCanvasUi.getState().keyConnect !== null, canvas };
}

type LayoutAct = "find" | "menu" | "palette" | "properties" | "runPanel" | "help";

function layoutHandlers({ search, onMenu, onHelp }: KeyboardOptions): Record<LayoutAct, Handler> {
  return {
    find: () => {
      changeLayout({ palette: true });
      // The field is there after the palette has unfolded.
      requestAnimationFrame(() => search.current?.focus());
    },
    menu: onMenu,
    help: onHelp,
    palette: () => changeLayout({ palette: !isPaletteOpen(useLayout.getState()) }),
    properties: () => changeLayout({ properties: !useLayout.getState().properties }),
    runPanel: () => changeLayout({ runPanel: !useLayout.getState().runPanel }),
  };
}

type CanvasAct =
  | "walk"
  | "nudge"
  | "addAfter"
  | "connect"
  | "rename"
  | "disable"
  | "duplicate"
  | "delete"
  | "selectAll"
  | "leave";

function canvasHandlers(actions: ActionIndex): Record<CanvasAct, Handler> {
  return {
    walk: (event) => walkOn(actions, directionOf(event)),
    nudge: (event) => takeFocused(() => nudgeSelected(stepOf(event))),
    addAfter: () => takeFocused(() => openPicker(actions)),
    connect: () => takeFocused(() => startConnect(actions)),
    rename: () => takeFocused(() => changeCanvasUi({ renamedNode: soleNode() })),
    disable: () => takeFocused(disableSelected),
    duplicate: () => {
      takeFocused(duplicateSelected);
      focusSelected();
    },
    delete: () => takeFocused(() => deleteAndStepBack(actions)),
    selectAll: () => {
      const { nodes, notes } = graphStore.getState().graph;
      select([...nodes, ...notes].map((item) => item.id));
    },
    leave: () => {
      select([]);
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    },
  };
}

/** An act is for what is selected; with the focus on another card, for that one. */
function takeFocused(act: () => void): void {
  const focused = getFocusedNode();
  if (focused !== null && !graphStore.getState().selection.has(focused)) select([focused]);
  act();
}

/** The focus goes to the node before, so that the keys still have a place to go on from. */
function deleteAndStepBack(actions: ActionIndex): void {
  const { graph } = graphStore.getState();
  const focused = getFocusedNode();
  const before = focused === null ? null : findNeighbour(graph, actions, focused, "left");
  deleteSelected();
  if (before === null || !findNode(graphStore.getState().graph, before)) return;
  select([before]);
  focusSelected();
}

function soleNode(): string | null {
  const { graph, selection, readOnly } = graphStore.getState();
  const id = getFocusedNode() ?? graph.nodes.find((node) => selection.has(node.id))?.id ?? null;
  return readOnly ? null : id;
}

function directionOf({ key }: KeyboardEvent): Direction {
  return key.replace("Arrow", "").toLowerCase() as Direction;
}

function stepOf(event: KeyboardEvent): Position {
  const far = event.shiftKey ? 16 : 4;
  const steps = { left: [-far, 0], right: [far, 0], up: [0, -far], down: [0, far] } as const;
  const [x, y] = steps[directionOf(event)];
  return { x, y };
}

function walkOn(actions: ActionIndex, direction: Direction): void {
  const { graph } = graphStore.getState();
  const from = soleOf(graph.nodes.map((node) => node.id));
  const next =
    from === null
      ? (getRunOrder(graph, actions).nodeIds[0] ?? null)
      : findNeighbour(graph, actions, from, direction);
  if (next === null) return;
  select([next]);
  focusNode(next);
}

function soleOf(ids: string[]): string | null {
  const { selection } = graphStore.getState();
  return getFocusedNode() ?? ids.find((id) => selection.has(id)) ?? null;
}

function startConnect(actions: ActionIndex): void {
  const { graph } = graphStore.getState();
  const id = soleNode();
  const node = id === null ? undefined : findNode(graph, id);
  if (node) changeCanvasUi({ keyConnect: startKeyConnect(graph, actions, node) });
}

/** The palette opens beside the card, for its first open port; for its last where all are joined. */
function openPicker(actions: ActionIndex): void {
  const { graph } = graphStore.getState();
  const id = soleNode();
  const node = id === null ? undefined : findNode(graph, id);
  if (!node) return;
  const ports = listSourcePorts(node.id, getAction(actions, node)).filter(
    (port) => port.kind === "execution",
  );
  const open = ports.find((port) => !findEdgeFrom(graph, node.id, port.name));
  const last = ports.at(-1);
  const edge = last && findEdgeFrom(graph, node.id, last.name);
  const at = getPlaceBesideCard(node.id);
  if (open) changeCanvasUi({ picker: { at, target: { kind: "port", port: open, position: null } } });
  else if (edge) changeCanvasUi({ picker: { at, target: { kind: "edge", edge: edge.id } } });
}
