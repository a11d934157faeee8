import type { ReactNode } from "react";
import { describeError } from "../../api/refusals";
import type { Connection, TestResult } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { joinClasses } from "../../ui/classes";
import { formatAgo, formatNumber } from "../../ui/format";
import { Ring, StateMark } from "../../ui/feedback/StateMark";
import text from "../../ui/text.module.css";
import { UsedByLinks } from "../resource/UsedByLinks";
import styles from "./ConnectionDialog.module.css";

interface TestPanelProps {
  connection: Connection | undefined;
  /** The form differs from the stored connection, so a test saves it first. */
  unsaved: boolean;
  /** Why the form cannot be saved and tested yet; null when it can. */
  missing: string | null;
  busy: "saving" | "testing" | null;
  /** Why the test could not be made. */
  failure: Error | null;
  onTest: () => void;
}

/** Shows whether the connection works, and the facts that the last test found. */
export function TestPanel({ connection, unsaved, missing, busy, failure, onTest }: TestPanelProps) {
  const result = connection?.last_test ?? null;
  const label = unsaved ? "Save and test" : result ? "Test again" : "Test";
  return (
    <section className={styles.test} aria-label="Test">
      <div className={joinClasses(styles.testHead, getTone(connection, result))} role="status">
        {busy ? <Busy what={busy} /> : <Verdict connection={connection} result={result} />}
        <Button icon="again" className={styles.again} busy={busy !== null} reason={missing} onClick={onTest}>
          {label}
        </Button>
      </div>
      <Facts connection={connection} result={result} failure={failure} />
    </section>
  );
}

function Busy({ what }: { what: "saving" | "testing" }) {
  return (
    <>
      <Ring />
      {what === "saving" ? "Saving" : "Testing"}
    </>
  );
}

function Verdict({ connection, result }: { connection: Connection | undefined; result: TestResult | null }) {
  if (result && !result.ok) return <Sign state="failed" word="Does not work" result={result} />;
  if (connection?.simulator) {
    return <Sign state="warning" word="Simulator" more="no model is called" result={result} />;
  }
  return result ? <Sign state="done" word="Works" result={result} /> : <>Not tested yet</>;
}

interface SignProps {
  state: "done" | "failed" | "warning";
  word: string;
  more?: string;
  result: TestResult | null;
}

function Sign({ state, word, more, result }: SignProps) {
  const tested = result && `tested ${formatTestedAgo(result.tested_at)}, ${formatNumber(result.ms)} ms`;
  return (
    <>
      <StateMark state={state} className={styles.verdict}>
        {word}
      </StateMark>
      <span className={styles.when}>{[more, tested].filter(Boolean).join(", ")}</span>
    </>
  );
}

interface FactsProps {
  connection: Connection | undefined;
  result: TestResult | null;
  failure: Error | null;
}

function Facts({ connection, result, failure }: FactsProps) {
  const usedBy = connection?.used_by ?? [];
  const rows = [
    failure && <Fact key="failure" name="Test" value={describeError(failure)} />,
    connection?.problem && <Fact key="problem" name="Problem" value={connection.problem} />,
    result && !result.ok && <Fact key="why" name="Why" value={result.message} />,
    result && !result.ok && result.hint && <Fact key="hint" name="What to do" value={result.hint} />,
    result?.models !== null && result && (
      <Fact key="models" name="Models" value={<Models result={result} />} />
    ),
    result?.temperature && <Fact key="temperature" name="Temperature" value={result.temperature} />,
    usedBy.length > 0 && <Fact key="used" name="Used by" value={<UsedByLinks users={usedBy} />} />,
  ].filter(Boolean);
  return rows.length ? <dl className={styles.facts}>{rows}</dl> : null;
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Models({ result }: { result: TestResult }) {
  return (
    <>
      {formatNumber(result.models ?? 0)}
      {result.newest ? (
        <>
          , newest <span className={text.code}>{result.newest}</span>
        </>
      ) : null}
    </>
  );
}

function getTone(connection: Connection | undefined, result: TestResult | null) {
  if (result && !result.ok) return styles.fails;
  if (connection?.simulator) return styles.simulator;
  return result ? styles.works : undefined;
}

function formatTestedAgo(iso: string): string {
  const words = formatAgo(iso);
  return words === "now" ? "just now" : words;
}
