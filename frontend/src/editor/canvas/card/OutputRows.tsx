import type { ActionDescription, GraphNode, Json } from "../../../api/types";
import type { CardState } from "./card-state";
import { useShownRun } from "../../../run/useShownRun";
import { joinClasses } from "../../../ui/classes";
import { previewOutput } from "./cells";
import styles from "./DataRows.module.css";
import { type CardOutput, listOutputs } from "../placement/geometry";
import { useCanvasUi } from "../ui-store";

interface OutputRowsProps {
  node: GraphNode;
  action: ActionDescription;
  state: CardState;
}

/** The outputs of a node: value … variable ●. A trigger shows the value on a row of its own. */
export function OutputRows({ node, action, state }: OutputRowsProps) {
  const outputs = listOutputs(action);
  if (outputs.length === 0) return null;
  return (
    <ul className={styles.rows}>
      {outputs.map((output) => (
        <OutputRow
          key={output.property ?? output.name}
          node={node}
          output={output}
          state={state}
          isBelow={action.role === "trigger"}
          streams={action.streams}
        />
      ))}
    </ul>
  );
}

interface OutputRowProps {
  node: GraphNode;
  output: CardOutput;
  state: CardState;
  isBelow: boolean;
  streams: boolean;
}

function OutputRow({ node, output, state, isBelow, streams }: OutputRowProps) {
  const variable = getVariableName(node, output);
  const value = useOutput(node.id, variable, output);
  const isHighlighted = useCanvasUi(
    (ui) => ui.litOutput?.node === node.id && ui.litOutput.variable === variable,
  );
  const isLive = output.branch !== null && state === "running" && value !== undefined;
  const text = value === undefined ? describeWaiting(output, state, streams) : previewOutput(value);
  const look = isLive ? styles.live : value === undefined ? styles.unset : styles.set;
  return (
    <>
      <li className={joinClasses(styles.row, styles.output, look, isHighlighted && styles.lit)}>
        {isBelow ? null : (
          <span className={styles.value} title={text}>
            <span className={styles.clip}>{text}</span>
          </span>
        )}
        <span className={styles.name}>{variable}</span>
        <i className={styles.dot} />
      </li>
      {isBelow ? (
        <li className={joinClasses(styles.row, styles.output)}>
          <span className={styles.value} title={text}>
            <span className={styles.clip}>{text}</span>
          </span>
        </li>
      ) : null}
    </>
  );
}

/** The name that the person gave the variable, or its default. */
function getVariableName(node: GraphNode, { property, name }: CardOutput): string {
  const ownName = property === null ? undefined : node.properties[property];
  return typeof ownName === "string" && ownName !== "" ? ownName : name;
}

/** The value of a variable: of a stream, its newest message; of a result, the output of the node. */
function useOutput(node: string, variable: string, { branch }: CardOutput): Json | undefined {
  return useShownRun(({ state, figures }) => {
    const output = state.nodes[node]?.outputs[variable];
    return branch === null ? output : (figures.nodes[node]?.lastMessage ?? output);
  });
}

function describeWaiting({ branch }: CardOutput, state: CardState, streams: boolean): string {
  return branch === null && streams && state === "running" ? "after the end" : "";
}
