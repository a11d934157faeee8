import type { ActionDescription, Branch, GraphNode } from "../../../api/types";
import { edgeFrom, edgesInto, EXECUTION_INPUT } from "../../../graph/document";
import type { Place } from "../../../graph/run-order";
import { useGraph } from "../../../graph/useGraph";
import type { CardState } from "./card-state";
import { useShownRun } from "../../../run/useShownRun";
import { formatNumber } from "../../../ui/format";
import { Icon } from "../../../ui/icons/Icon";
import { AddAfter } from "./AddAfter";
import { useEdgeRuns } from "../edges/edge-runs";
import styles from "./ExecutionRows.module.css";
import { executionPortY, executionRows } from "../placement/geometry";
import { PortMark, type PortLook } from "./Ports";
import { RunWord } from "./RunWord";

interface ExecutionRowsProps {
  node: GraphNode;
  action: ActionDescription;
  state: CardState;
  place: Place | undefined;
}

/** ▶ in · how the run goes … branch name ×count · out ▶. One row for each branch. */
export function ExecutionRows({ node, action, state, place }: ExecutionRowsProps) {
  const simulated = useGraph(({ analysis }) => analysis.simulators.includes(node.id));
  const rows = executionRows(action);
  const last = Math.min(1, rows - 1);
  const wordRow = LONG_WORDS.has(state) ? last : 0;
  return (
    <div className={styles.rows}>
      {Array.from({ length: rows }, (_, row) => {
        const branch = action.branches[row];
        return (
          <div className={styles.row} key={row}>
            <span className={styles.left}>
              {row === wordRow ? <RunWord node={node} action={action} state={state} place={place} /> : null}
              {simulated && row === last ? <Simulator brief={wordRow === last && state !== "idle"} /> : null}
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

/** Words that need a row of their own, where the first one holds a branch and its count. */
const LONG_WORDS: ReadonlySet<CardState> = new Set([
  "waiting",
  "failed",
  "skipped",
  "disabled",
  "cancelled",
  "interrupted",
]);

/** `brief`: the row is taken by a word already; the run's head says this one too. */
function Simulator({ brief }: { brief: boolean }) {
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
  const times = useShownRun(({ state }) => (branch.repeats ? timesOf(state.nodes[node]) : 0));
  return (
    <>
      <span className={styles.branch}>{branch.title}</span>
      {branch.repeats ? <b className={styles.times}>{times > 0 ? `×${formatNumber(times)}` : ""}</b> : null}
    </>
  );
}

function timesOf(run: { messages: number; count: number } | undefined): number {
  return run ? Math.max(run.messages, run.count) : 0;
}

function InputPort({ node }: { node: string }) {
  const readOnly = useGraph((graph) => graph.readOnly);
  const edges = useGraph(
    ({ graph }) => edgesInto(graph, node).filter((edge) => edge.kind === "execution").length,
  );
  const runs = useEdgeRuns(node, "target", EXECUTION_INPUT);
  return (
    <PortMark
      port={{ node, kind: "execution", side: "target", name: EXECUTION_INPUT }}
      look={lookOf(edges > 0, runs)}
      label="Execution input"
      offset={executionPortY(0)}
      connectable={!readOnly}
    />
  );
}

function OutputPort({ node, branch, row }: { node: string; branch: Branch; row: number }) {
  const readOnly = useGraph((graph) => graph.readOnly);
  const joined = useGraph(({ graph }) => edgeFrom(graph, node, branch.name) !== undefined);
  const runs = useEdgeRuns(node, "source", branch.name);
  const port = { node, kind: "execution", side: "source", name: branch.name } as const;
  return (
    <>
      <PortMark
        port={port}
        look={lookOf(joined, runs)}
        label={`Execution output ${branch.title}`}
        offset={executionPortY(row)}
        connectable={!readOnly}
      />
      {joined || readOnly ? null : <AddAfter port={port} title={branch.title} offset={executionPortY(row)} />}
    </>
  );
}

/** A port tells what passes its edges. */
function lookOf(joined: boolean, runs: string): PortLook {
  if (!joined) return "open";
  if (runs.includes("active")) return "live";
  return runs.includes("travelled") || runs.includes("failed") ? "on" : "set";
}
