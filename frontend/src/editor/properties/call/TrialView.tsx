import { type ReactNode, useState } from "react";
import type { Trial } from "../../../api/trial/trial";
import type { RunInput } from "../../../api/types";
import { useInspectRun } from "../../../run/useInspectRun";
import { Button } from "../../../ui/controls/Button";
import { TabPanel, Tabs } from "../../../ui/controls/Tabs";
import { Caret } from "../../../ui/feedback/Caret";
import { Notice } from "../../../ui/feedback/Notice";
import { type MarkedState, StateMark } from "../../../ui/feedback/StateMark";
import { formatCount, formatDuration, formatNumber } from "../../../ui/format";
import { useFollowEnd } from "../../../ui/useFollowEnd";
import styles from "./TryCall.module.css";

type View = "text" | "frames" | "headers";

const marks = {
  open: "running",
  done: "completed",
  failed: "failed",
  stopped: "cancelled",
} as const satisfies Record<Trial["state"], MarkedState>;
const words = { open: "Receiving", done: "Received", failed: "Failed", stopped: "Stopped" };

/** An answer while it comes: how it goes, its text, and the frames as the protocol writes them. */
export function TrialView({ trial, input }: { trial: Trial; input: RunInput }) {
  const [chosen, setView] = useState<View | null>(null);
  const isRefused = trial.state === "failed" && trial.text === "";
  const view = chosen ?? (isRefused ? "frames" : "text");
  const tabs = [
    { value: "text" as const, title: "Text" },
    { value: "frames" as const, title: "Frames", count: trial.frameCount },
    { value: "headers" as const, title: "Headers" },
  ];
  return (
    <div className={styles.answer}>
      <Summary trial={trial} />
      {trial.error === null ? null : <Notice kind="failed">{trial.error}</Notice>}
      <Tabs
        label="The answer as"
        tabs={tabs}
        value={view}
        onChange={setView}
        className={styles.views}
        listClassName={styles.tabs}
      >
        <TabPanel value="text">
          <AnswerText trial={trial} />
        </TabPanel>
        <TabPanel value="frames">
          <Frames trial={trial} />
        </TabPanel>
        <TabPanel value="headers">
          <Headers trial={trial} />
        </TabPanel>
      </Tabs>
      <RunLink trial={trial} input={input} />
    </div>
  );
}

function Summary({ trial: { state, status, firstTextMs } }: { trial: Trial }) {
  return (
    <p className={styles.summary}>
      <span role="status">
        <StateMark state={marks[state]}>{words[state]}</StateMark>
      </span>
      <span>{status === null ? "" : `HTTP ${status}`}</span>
      <span className={styles.figure}>
        {firstTextMs === null ? "" : `first chunk after ${formatDuration(firstTextMs)}`}
      </span>
    </p>
  );
}

function AnswerText({ trial }: { trial: Trial }) {
  const { text, textCharacters, state } = trial;
  const left = textCharacters - text.length;
  return (
    <Output label="Text of the answer" length={textCharacters}>
      {left > 0 ? <Left>The first {formatCount(left, "character")} are left out.</Left> : null}
      {text === "" && state !== "open" ? <Left>No text came.</Left> : text}
      {state === "open" ? <Caret /> : null}
    </Output>
  );
}

function Frames({ trial: { frames, frameCount, state } }: { trial: Trial }) {
  const left = frameCount - frames.length;
  return (
    <Output label="Frames of the answer" length={frameCount}>
      {left > 0 ? <Left>The first {formatCount(left, "frame")} are left out.</Left> : null}
      {frameCount === 0 && state !== "open" ? <Left>No frame came.</Left> : null}
      {frames.map((frame, index) => (
        <span key={left + index} className={styles.frame}>
          {frame}
        </span>
      ))}
    </Output>
  );
}

function Headers({ trial: { headers, status } }: { trial: Trial }) {
  return (
    <Output label="Headers of the answer" length={0}>
      {status === null ? <Left>The server has not answered.</Left> : null}
      {headers.map(([name, value]) => (
        <span key={name} className={styles.header}>
          <b>{name}:</b> {value}
        </span>
      ))}
    </Output>
  );
}

/** A part of the answer, which follows its end until the reader scrolls up. */
function Output({ label, length, children }: { label: string; length: number; children: ReactNode }) {
  const { scroller, onScroll } = useFollowEnd(length, label);
  return (
    <div
      ref={scroller}
      className={styles.output}
      tabIndex={0}
      role="group"
      aria-label={label}
      onScroll={onScroll}
    >
      {children}
    </div>
  );
}

function Left({ children }: { children: ReactNode }) {
  return <span className={styles.left}>{children}</span>;
}

/** Leads to the run; without one, says so where that may surprise. */
function RunLink({ trial: { run, version, state }, input }: { trial: Trial; input: RunInput }) {
  const inspect = useInspectRun();
  if (run === null)
    return state === "stopped" ? (
      <p className={styles.none}>Stopped before the server said which run it is. It may go on: see Runs.</p>
    ) : null;
  return (
    <Button
      kind="quiet"
      icon="open"
      className={styles.run}
      onClick={() => inspect({ id: run, input, revision: version ?? 0 })}
    >
      Show the run{version === null ? "" : `, of version ${formatNumber(version)}`}
    </Button>
  );
}
