import { useState } from "react";
import type { ActionDescription, NodeValues, ReceivedValue } from "../../../api/types";
import { useGraph } from "../../../graph/useGraph";
import { useShownRun } from "../../../run/useShownRun";
import { CopyButton } from "../../../ui/controls/CopyButton";
import { Notice } from "../../../ui/feedback/Notice";
import { StateMark } from "../../../ui/feedback/StateMark";
import { formatNumber } from "../../../ui/format";
import text from "../../../ui/text.module.css";
import { formatJson } from "./json-text";
import { CalledFlowNote } from "./CalledFlowNote";
import { describeRanges, isKept } from "./passes";
import { PassChooser } from "./PassChooser";
import { FormSwitch } from "./FormSwitch";
import { type ValueForm, ValueView } from "./ValueView";
import { ValuesTab } from "./ValuesTab";
import styles from "./values.module.css";

interface LastRunTabProps {
  node: string;
  action: ActionDescription;
  /** The pass to show first; null: the last one. */
  firstPass: number | null;
}

/** What the node received and gave in the shown run, pass by pass. */
export function LastRunTab({ node, action, firstPass }: LastRunTabProps) {
  const [pass, setPass] = useState(firstPass);
  return (
    <ValuesTab
      node={node}
      pass={pass}
      empty="Run the flow, or choose one under Runs: what this node received and gave is read here."
    >
      {(values) => (
        <>
          <NodeRun values={values} pass={pass ?? values.pass_number} onPass={setPass} />
          <CalledFlowNote action={action} received={values.received} />
        </>
      )}
    </ValuesTab>
  );
}

interface NodeRunProps {
  values: NodeValues;
  pass: number | null;
  onPass: (pass: number) => void;
}

function NodeRun({ values, pass, onPass }: NodeRunProps) {
  const [form, setForm] = useState<ValueForm>("tree");
  return (
    <>
      <RunLine values={values} />
      {values.pass_count > 1 && pass !== null ? (
        <>
          <PassChooser count={values.pass_count} kept={values.kept_passes} value={pass} onChange={onPass} />
          {isKept(values.kept_passes, pass) ? null : <PassNotKept values={values} />}
        </>
      ) : null}
      {values.error ? (
        <Notice kind="failed" urgent={false}>
          <p>{values.error.message}</p>
          {values.error.hint ? <p>{values.error.hint}</p> : null}
        </Notice>
      ) : null}
      {values.pass_number === null ? null : (
        <>
          <Received values={values.received} form={form} onForm={setForm} />
          <Gave values={values} form={form} />
        </>
      )}
    </>
  );
}

/** The state of the node, and which run and revision this is. */
function RunLine({ values }: { values: NodeValues }) {
  const revision = useGraph((graph) => graph.revision);
  const isOver = useShownRun(({ state }) => state.status !== "running" && state.status !== "waiting");
  const which =
    values.revision === revision
      ? `revision ${formatNumber(values.revision)}`
      : `revision ${formatNumber(values.revision)}; the flow is now ${formatNumber(revision)}`;
  return (
    <div className={styles.run}>
      {values.state ? <StateMark state={values.state} /> : null}
      <span className={text.muted}>Run of {which}</span>
      {values.state === null ? <p className={styles.why}>{describeAbsence(values, isOver)}</p> : null}
      {values.state === "skipped" ? (
        <p className={styles.why}>The action was disabled, so that it was skipped and received nothing.</p>
      ) : null}
    </div>
  );
}

function describeAbsence({ is_in_version, revision }: NodeValues, isOver: boolean): string {
  if (!is_in_version) return `Revision ${formatNumber(revision)}, which this run executed, has no such node.`;
  return isOver ? "The run did not come to this node." : "The run has not come to this node yet.";
}

function PassNotKept({ values }: { values: NodeValues }) {
  return (
    <Notice kind="warning">
      Of {formatNumber(values.pass_count)} passes, {describeRanges(values.kept_passes)} are kept.
    </Notice>
  );
}

interface ReceivedProps {
  values: ReceivedValue[];
  form: ValueForm;
  onForm: (form: ValueForm) => void;
}

function Received({ values, form, onForm }: ReceivedProps) {
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? values : values.filter(({ source }) => source !== "default");
  const all = Object.fromEntries(values.map(({ name, value }) => [name, value]));
  return (
    <section aria-label="Received">
      <div className={styles.head}>
        <h3>Received</h3>
        <span className={text.grow} />
        <FormSwitch value={form} onChange={onForm} />
        <CopyButton
          kind="quiet"
          label="Copy all that the node received"
          text={formatJson(all)}
          className={styles.copy}
        />
      </div>
      {shown.length === 0 ? <p className={styles.none}>Nothing: no property was set.</p> : null}
      <ul className={styles.values}>
        {shown.map((value) => (
          <ValueView
            key={`${value.name} ${form}`}
            value={value}
            title={value.title}
            form={form}
            note={<Origin value={value} />}
          />
        ))}
      </ul>
      {values.some(({ source }) => source === "default") ? (
        <button
          type="button"
          className={styles.more}
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? "Without what was not set" : "With what was not set"}
        </button>
      ) : null}
    </section>
  );
}

/** What is written in the flow for a value that an expression gave. */
function Origin({ value }: { value: ReceivedValue }) {
  if (value.source === "default") return <p className={styles.origin}>not set</p>;
  if (value.source !== "bound") return null;
  const { written } = value;
  const isExpression = typeof written === "object" && written !== null && "expression" in written;
  return (
    <p className={styles.origin}>
      {isExpression ? formatJson(written.expression ?? null) : formatJson(written)}
    </p>
  );
}

function Gave({ values, form }: { values: NodeValues; form: ValueForm }) {
  const { gave, messages } = values;
  if (gave.length === 0 && !messages) return null;
  return (
    <section aria-label="Gave">
      <div className={styles.head}>
        <h3>Gave</h3>
      </div>
      <ul className={styles.values}>
        {gave.map((value) => (
          <ValueView key={`${value.name} ${form}`} value={value} title={value.name} form={form} />
        ))}
        {messages ? (
          <ValueView
            key={`messages ${form}`}
            value={{ name: "messages", is_kept: true, value: messages.text, cut_bytes: null }}
            title={`${formatNumber(messages.count)} messages`}
            form={form}
          />
        ) : null}
      </ul>
    </section>
  );
}
