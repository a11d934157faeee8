import type { ActionDescription, Branch, GraphNode } from "../../../api/types";
import { findEdgeFrom, listEdgesInto, EXECUTION_INPUT_PORT } from "../../../graph/document";
import type { RunPlace } from "../../../graph/run-order";
import { useGraph } from "../../../graph/useGraph";
import type { CardState } from "./card-state";
import { useShownRun } from "../../../run/useShownRun";
import { formatNumber } from "../../../ui/format";
import { Icon } from "../../../ui/icons/Icon";
import { AddAfterButton } from "./AddAfterButton";
import { useEdgeRuns } from "../edges/useEdgeRun";
import styles from "./ExecutionRows.module.css";
import { computeExecutionPortY, countExecutionRows } from "../placement/geometry";
import { PortMark, type PortLook } from "./PortMark";
import { NodeRunLabel } from "./NodeRunLabel";

interface ExecutionRowsProps {
  node: GraphNode;
  action: ActionDescription;
  state: CardState;
  place: RunPlace | undefined;
}

/** The execution rows of a card, one for each branch: ▶ in · the state of the run … the branch, ×count · out ▶. */
export function ExecutionRows({ node, action, state, place }: ExecutionRowsProps) {
  const isSimulated = useGraph(({ analysis }) => analysis.simulators.includes(node.id));
  const rows = countExecutionRows(action);
  const last = Math.min(1, rows - 1);
  const wordRow = STATES_WITH_OWN_ROW.has(state) ? last : 0;
  return (
    <div className={styles.rows}>
      {Array.from({ length: rows }, (_, row) => {
        const branch = action.branches[row];
        return (
          <div className={styles.row} key={row}>
            <span className={styles.left}>
              {row === wordRow ? (
                <NodeRunLabel node={node} action={action} state={state} place={place} />
              ) : null}
              {isSimulated && row === last ? (
                <SimulatorMark brief={wordRow === last && state !== "idle"} />
              ) : null}
            </span>
            {branch && rows > 1 ? <BranchName node={node.id} branch={branch} /> : null}
          </div>
        );
      })}
      {action.input ? <InputPort node={node.id} /> : null}
      {action.branches.map((branch, row) => (
        <OutputPort key={branch.name} node={node.id} branch={branch} row={row} />
      ))}
    </div>
  );
}

/** States with a long label. It stands in the second row, because the first one has a branch and its count. */
const STATES_WITH_OWN_ROW: ReadonlySet<CardState> = new Set([
  "waiting",
  "failed",
  "skipped",
  "disabled",
  "cancelled",
  "interrupted",
]);

/** `brief`: another label takes the row, so only the sign is shown. */
function SimulatorMark({ brief }: { brief: boolean }) {
  return (
    <span
      className={styles.simulator}
      title="The connection of this node is the simulator, not a real model."
      {...(brief ? { role: "img", "aria-label": "Simulator" } : {})}
    >
      <Icon name="alert" size={12} />
      {brief ? null : "Simulator"}
    </span>
  );
}

function BranchName({ node, branch }: { node: string; branch: Branch }) {
  const times = useShownRun(({ state }) => (branch.repeats ? countPasses(state.nodes[node]) : 0));
  return (
    <>
      <span className={styles.branch}>{branch.title}</span>
      {branch.repeats ? <b className={styles.times}>{times > 0 ? `×${formatNumber(times)}` : ""}</b> : null}
    </>
  );
}

function countPasses(run: { messages: number; count: number } | undefined): number {
  return run ? Math.max(run.messages, run.count) : 0;
}

function InputPort({ node }: { node: string }) {
  const readOnly = useGraph((graph) => graph.readOnly);
  const edges = useGraph(
    ({ graph }) => listEdgesInto(graph, node).filter((edge) => edge.kind === "execution").length,
  );
  const runs = useEdgeRuns(node, "target", EXECUTION_INPUT_PORT);
  return (
    <PortMark
      port={{ node, kind: "execution", side: "target", name: EXECUTION_INPUT_PORT }}
      look={getPortLook(edges > 0, runs)}
      label="Execution input"
      offset={computeExecutionPortY(0)}
      connectable={!readOnly}
    />
  );
}

function OutputPort({ node, branch, row }: { node: string; branch: Branch; row: number }) {
  const readOnly = useGraph((graph) => graph.readOnly);
  const isConnected = useGraph(({ graph }) => findEdgeFrom(graph, node, branch.name) !== undefined);
  const runs = useEdgeRuns(node, "source", branch.name);
  const port = { node, kind: "execution", side: "source", name: branch.name } as const;
  return (
    <>
      <PortMark
        port={port}
        look={getPortLook(isConnected, runs)}
        label={`Execution output ${branch.title}`}
        offset={computeExecutionPortY(row)}
        connectable={!readOnly}
      />
      {isConnected || readOnly ? null : (
        <AddAfterButton port={port} title={branch.title} offset={computeExecutionPortY(row)} />
      )}
    </>
  );
}

/** The look of a port, which shows whether messages pass its edges. */
function getPortLook(isConnected: boolean, runs: string): PortLook {
  if (!isConnected) return "open";
  if (runs.includes("active")) return "live";
  return runs.includes("travelled") || runs.includes("failed") ? "on" : "set";
}
