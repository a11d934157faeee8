import { createContext, use } from "react";
import type { ActionDescription, Binding, GraphNode, PropertyDescription } from "../../../api/types";
import { getExpression, getRootVariable } from "../../../graph/bindings";
import { isLackCalm } from "../../../graph/judged-problems";
import { findVariable } from "../../../graph/scope";
import { useGraph } from "../../../graph/useGraph";
import { useJudgedProblems } from "../../../graph/useJudgedProblems";
import { useShownRun } from "../../../run/useShownRun";
import { joinClasses } from "../../../ui/classes";
import { Icon } from "../../../ui/icons/Icon";
import { type Cell, describeCell, getPortName } from "./cells";
import styles from "./DataRows.module.css";
import { changeCanvasUi } from "../ui-store";

/** The names of connections, collections and flows by id, because a card shows the name. */
export const ResourceNames = createContext<ReadonlyMap<string, string>>(new Map());

interface RowsProps {
  node: GraphNode;
  action: ActionDescription;
}

/**
 * The properties of a node that are ports: ● name … value. The properties panel says what to do about a missing
 * value.
 */
export function DataRows({ node, action }: RowsProps) {
  const properties = action.properties.filter((property) => property.port);
  if (properties.length === 0) return null;
  return (
    <ul className={styles.rows}>
      {properties.map((property) => (
        <DataRow
          key={property.name}
          node={node.id}
          property={property}
          value={node.properties[property.name]}
        />
      ))}
    </ul>
  );
}

interface DataRowProps {
  node: string;
  property: PropertyDescription;
  value: Binding | undefined;
}

function DataRow({ node, property, value }: DataRowProps) {
  const cell = useCell(node, property, value);
  const highlight = useSourceHighlight(node, getExpression(property, value));
  return (
    <li className={joinClasses(styles.row, styles[cell.look], !cell.set && styles.unset)} {...highlight}>
      <i className={styles.dot} />
      <span className={styles.name}>{getPortName(property.title)}</span>
      <span className={styles.value} title={cell.whole}>
        {cell.look === "warning" && cell.set ? <Icon name="alert" size={12} /> : null}
        <span className={styles.clip}>{cell.text}</span>
      </span>
    </li>
  );
}

function useCell(node: string, property: PropertyDescription, value: Binding | undefined): Cell {
  const { name } = property;
  const names = use(ResourceNames);
  const problem = useJudgedProblems(({ faults }) =>
    faults.find((each) => each.node === node && each.property === name),
  );
  const isCalm = useGraph(({ visits }) => isLackCalm(node, name, visits));
  const warning = useShownRun(({ state }) =>
    state.warnings.find((each) => each.node === node && each.property === name),
  );
  return describeCell(property, value, { problem, warning, names, isCalm });
}

/** The pointer over a row with an expression highlights the output that the expression reads. */
function useSourceHighlight(node: string, expression: string | null) {
  const variable = expression === null ? null : getRootVariable(expression);
  const source = useGraph(({ analysis }) => findVariable(analysis, node, variable)?.node);
  if (source === undefined || variable === null) return {};
  return {
    onPointerEnter: () => changeCanvasUi({ litOutput: { node: source, variable } }),
    onPointerLeave: () => changeCanvasUi({ litOutput: null }),
  };
}
