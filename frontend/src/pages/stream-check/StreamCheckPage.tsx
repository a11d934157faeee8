import { useEffect, useRef, useState } from "react";
import { Button } from "../../ui/controls/Button";
import { Notice } from "../../ui/feedback/Notice";
import { PageError } from "../../ui/feedback/PageError";
import { StateMark } from "../../ui/feedback/StateMark";
import { PageHead } from "../resource/PageHead";
import { type Finding, judge } from "./judge";
import { measure, type Pace } from "./measure";
import styles from "./StreamCheckPage.module.css";

const SHORT: Pace = { pieces: 20, pauseMs: 150 };
/** As silent as a run can be, for as long as most proxies wait. */
const LONG: Pace = { pieces: 10, pauseMs: 15_000 };

type Check =
  | { state: "none" }
  | { state: "running"; pace: Pace; count: number }
  | { state: "judged"; findings: Finding[] }
  | { state: "failed"; error: unknown };

/** Measures in this browser what a proxy does to streams: whether it collects, delays or cuts them. */
export function StreamCheckPage() {
  const { check, begin } = useCheck();
  const isRunning = check.state === "running";
  return (
    <main>
      <PageHead title="Stream check">
        <Button size="l" busy={isRunning} onClick={() => begin(LONG)}>
          Look for cuts
        </Button>
        <Button size="l" kind="solid" busy={isRunning} onClick={() => begin(SHORT)}>
          Check streams
        </Button>
      </PageHead>
      <div className={styles.body}>
        <p className={styles.lead}>
          The server writes small pieces at a fixed pace, and this browser notes when they arrive.{" "}
          <em>Check streams</em> takes three seconds. <em>Look for cuts</em> lets a stream be silent for 15
          seconds, nine times.
        </p>
        {check.state === "running" ? (
          <p role="status">
            <StateMark state="running">
              {check.count} of {check.pace.pieces} pieces have arrived
            </StateMark>
          </p>
        ) : null}
        {check.state === "judged" ? <Findings findings={check.findings} /> : null}
      </div>
      {check.state === "failed" ? (
        <PageError
          title="The streams cannot be checked"
          error={check.error as Error}
          onAct={() => begin(SHORT)}
        />
      ) : null}
    </main>
  );
}

function useCheck() {
  const [check, setCheck] = useState<Check>({ state: "none" });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const begin = (pace: Pace) => {
    const controller = new AbortController();
    running.current = controller;
    setCheck({ state: "running", pace, count: 0 });
    measure(pace, (count) => setCheck({ state: "running", pace, count }), controller.signal)
      .then((measured) => setCheck({ state: "judged", findings: judge(measured, pace) }))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setCheck({ state: "failed", error });
      });
  };
  return { check, begin };
}

function Findings({ findings }: { findings: Finding[] }) {
  return (
    <div role="status" className={styles.findings}>
      {findings.map(({ kind, title, advice, lines }) => (
        <Notice key={title} kind={kind} urgent={false}>
          <strong>{title}</strong> {advice}
          {lines.map((line) => (
            <code key={line} className={styles.line}>
              {line}
            </code>
          ))}
        </Notice>
      ))}
    </div>
  );
}
