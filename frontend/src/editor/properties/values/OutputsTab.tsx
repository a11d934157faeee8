import type {
  ActionDescription,
  GraphNode,
  NodeValues,
  OutputDescription,
  ReadValue,
} from "../../../api/types";
import { joinClasses } from "../../../ui/classes";
import text from "../../../ui/text.module.css";
import { useShownRun } from "../../../run/useShownRun";
import { ExpressionButtons } from "./ExpressionButtons";
import { InsertContext, useInsert } from "./useInsert";
import { useShownNodeValues } from "./useShownNodeValues";
import { ValueView } from "./ValueView";
import styles from "./values.module.css";

interface OutputsTabProps {
  node: GraphNode;
  action: ActionDescription;
  /** Called when an expression was inserted into a field of another node, which is selected now. */
  onInserted: () => void;
}

/** The variables that the action sets: their shape, how an expression reads them, and their values in the shown run. */
export function OutputsTab(props: OutputsTabProps) {
  const { node, action, onInserted } = props;
  const insert = useInsert(node, onInserted);
  const run = useShownRun((shown) => shown.run);
  if (action.outputs.length === 0)
    return (
      <p className={styles.none}>
        This action sets no variable. What it gives goes to the caller, or to the run.
      </p>
    );
  return (
    <InsertContext value={insert}>
      {run === null ? (
        <OutputList node={node} action={action} values={null} />
      ) : (
        <LoadedOutputs key={run} run={run} node={node} action={action} />
      )}
    </InsertContext>
  );
}

interface OutputListProps {
  node: GraphNode;
  action: ActionDescription;
}

function LoadedOutputs({ run, node, action }: OutputListProps & { run: string }) {
  const { data } = useShownNodeValues(run, node.id, null);
  return <OutputList node={node} action={action} values={data ?? null} />;
}

function OutputList({ node, action, values }: OutputListProps & { values: NodeValues | null }) {
  return action.outputs.map((output) => {
    const name = getVariableName(node, output);
    return (
      <section key={name} aria-label={name} className={styles.output}>
        <div className={styles.head}>
          <h3 className={text.code}>{name}</h3>
          <span className={text.muted}>{output.title}</span>
          <span className={text.grow} />
          <ExpressionButtons path={name} />
        </div>
        <Fields name={name} output={output} />
        <LastValue value={findValue(values, name, output)} />
      </section>
    );
  });
}

/** The name of the variable: what the property says, else the action's own. */
function getVariableName(node: GraphNode, { property, default: name }: OutputDescription): string {
  const given = property === null ? undefined : node.properties[property];
  return typeof given === "string" && given ? given : (name ?? "");
}

function Fields({ name, output }: { name: string; output: OutputDescription }) {
  if (output.fields.length === 0) return null;
  return (
    <ul className={styles.fields}>
      {output.fields.map((field) => (
        <li key={field.name}>
          <div className={styles.row}>
            <code className={joinClasses(styles.path, text.grow, text.clip)}>{`${name}.${field.name}`}</code>
            <span className={text.muted}>{field.type}</span>
            <ExpressionButtons path={`${name}.${field.name}`} />
          </div>
          <p className={styles.about}>{field.description}</p>
        </li>
      ))}
    </ul>
  );
}

/** What the variable had at last. The messages of a stream are one text. */
function findValue(values: NodeValues | null, name: string, output: OutputDescription): ReadValue | null {
  if (values === null) return null;
  if (output.branch !== null && values.messages)
    return { name, is_kept: true, value: values.messages.text, cut_bytes: null };
  return values.gave.find((value) => value.name === name) ?? null;
}

function LastValue({ value }: { value: ReadValue | null }) {
  if (value === null) return <p className={styles.none}>No value in the shown run.</p>;
  return (
    <ul className={styles.values}>
      <ValueView value={value} title="In the shown run" form="tree" />
    </ul>
  );
}
