import { lazy, Suspense, useEffect } from "react";
import { useShallow } from "zustand/react/shallow";
import { loadPart } from "../api/load-part";
import type { ActionDescription, Binding, Graph, GraphNode, Json } from "../api/types";
import { moveCaseEdges } from "../graph/commands/cases";
import { setProperty } from "../graph/commands/nodes";
import { useAction } from "../graph/useActions";
import { edit } from "../graph/store";
import { getTypingKey } from "../graph/typing-key";
import { useGraph } from "../graph/useGraph";
import { useJudgedProblems } from "../graph/useJudgedProblems";
import { useShownRun } from "../run/useShownRun";
import { IconButton } from "../ui/controls/Button";
import { Menu, MenuItem, MenuSeparator } from "../ui/overlays/Menu";
import { CardMenuItems } from "./commands/CardMenu";
import { getShortcut } from "./commands/shortcuts";
import { toggleProperties } from "./commands/view/toggle-properties";
import { changeLayout, PANEL_WIDTH_PX, useLayout } from "./layout";
import { showPanelTab, usePanelTab } from "./panel-tab";
import styles from "./PropertySide.module.css";
import { Resizer } from "./Resizer";
import { useNodeScope } from "./useNodeScope";

const loadPanel = () => import("./properties/form/PropertyPanel");
const PropertyPanel = lazy(async () => ({ default: (await loadPart(loadPanel)).PropertyPanel }));

/** Fetches the form before the first selection, so that it opens at once, and also when the server is away then. */
function usePanelCode(): void {
  useEffect(() => void loadPart(loadPanel).catch(() => undefined), []);
}

/** Shows the properties of a node while it is the only selected item. */
export function PropertySide() {
  usePanelCode();
  const open = useLayout((layout) => layout.properties);
  const node = useGraph(({ graph, selection }) =>
    selection.size === 1 ? graph.nodes.find(({ id }) => selection.has(id)) : undefined,
  );
  if (!open || !node) return null;
  return <NodeProperties node={node} />;
}

function NodeProperties({ node }: { node: GraphNode }) {
  const action = useAction(node);
  const width = useLayout((layout) => layout.panelWidth);
  const readOnly = useGraph((graph) => graph.readOnly);
  const { tab, wantedPass } = usePanelTab();
  const scope = useNodeScope(node.id);
  const problems = useJudgedProblems(
    useShallow(({ faults }) => faults.filter((problem) => problem.node === node.id)),
  );
  const todos = useJudgedProblems(
    useShallow((judged) => judged.todos.filter((problem) => problem.node === node.id)),
  );
  const lastOutputs = useShownRun(useShallow(({ state }) => collectOutputs(Object.values(state.nodes))));
  return (
    <div className={styles.side} style={{ width }} data-properties="">
      <Resizer
        label="Width of the properties"
        edge="left"
        size={width}
        min={PANEL_WIDTH_PX.min}
        max={PANEL_WIDTH_PX.max}
        onResize={(panelWidth) => changeLayout({ panelWidth })}
      />
      <Suspense>
        <PropertyPanel
          node={node}
          action={action}
          scope={scope}
          problems={problems}
          todos={todos}
          lastOutputs={lastOutputs}
          readOnly={readOnly}
          tab={tab}
          onTab={showPanelTab}
          firstPass={wantedPass?.node === node.id ? wantedPass.number : null}
          onChange={(name, value) => changeProperty({ node, action, name, value })}
          actions={<PanelMenu readOnly={readOnly} />}
        />
      </Suspense>
    </div>
  );
}

interface PropertyChange {
  node: GraphNode;
  action: ActionDescription;
  name: string;
  value: Binding | undefined;
}

/** Changes the property, as one entry of undo for what is typed without a pause. */
function changeProperty(change: PropertyChange): void {
  const { node, action, name, value } = change;
  const property = action.properties.find((each) => each.name === name);
  const key =
    property && getTypingKey({ node: node.id, property, before: node.properties[name], after: value });
  edit("Edit property", (graph) => applyPropertyChange(graph, change), key === undefined ? {} : { key });
}

/** Sets the property. Where it is the list of cases, the edges move with their cases. */
function applyPropertyChange(graph: Graph, { node, action, name, value }: PropertyChange): Graph {
  const changed = setProperty(graph, { node: node.id, name, value });
  if (name !== action.cases) return changed;
  return moveCaseEdges(changed, {
    node: node.id,
    before: toList(node.properties[name]),
    after: toList(value),
  });
}

function toList(value: Binding | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** The value that each variable had in the shown run. Where two nodes set a variable, the later value counts. */
function collectOutputs(nodes: readonly { outputs: Record<string, Json> }[]): Record<string, Json> {
  return Object.assign({}, ...nodes.map(({ outputs }) => outputs)) as Record<string, Json>;
}

function PanelMenu({ readOnly }: { readOnly: boolean }) {
  return (
    <Menu trigger={<IconButton icon="more" label="More" />}>
      {readOnly ? null : (
        <>
          <CardMenuItems />
          <MenuSeparator />
        </>
      )}
      <MenuItem
        icon="close"
        shortcut={getShortcut(toggleProperties)}
        onSelect={() => changeLayout({ properties: false })}
      >
        Hide properties
      </MenuItem>
    </Menu>
  );
}
