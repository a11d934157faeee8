import type { ReactNode } from "react";
import { findStart } from "../api/flow-start";
import type { Json, Problem, RunInput, RunRow } from "../api/types";
import { useGraph } from "../graph/useGraph";
import { useJudgedProblems } from "../graph/useJudgedProblems";
import { IconButton } from "../ui/controls/Button";
import { joinClasses } from "../ui/classes";
import { Icon, type IconName } from "../ui/icons/Icon";
import { TabPanel, Tabs } from "../ui/controls/Tabs";
import { Tooltip } from "../ui/overlays/Tooltip";
import { ClientView } from "./ClientView";
import type { ComposeOptions } from "./Compose";
import { EventList } from "./EventList";
import { RunFacts } from "./RunFacts";
import { RunList } from "./RunList";
import { ProblemList } from "./ProblemList";
import styles from "./RunPanel.module.css";
import { RunHead } from "./RunHead";
import { useShownRun } from "../run/useShownRun";

export type RunTab = "client" | "events" | "problems" | "runs";

/** Shows a run on the canvas and in this panel. */
export type ShowRun = (run: string, input: Json | RunInput) => void;

/** Shows a run as `ShowRun` does, and the version of the flow that it executed. */
export type InspectRun = (run: RunRow) => void;

interface RunPanelProps {
  flow: string;
  tab: RunTab;
  onTab: (tab: RunTab) => void;
  folded: boolean;
  onFold: (folded: boolean) => void;
  /** How the person runs the flow from here; null for a person who may not run it. */
  ask: ComposeOptions | null;
  onShowRun: ShowRun;
  onInspectRun: InspectRun;
  onOpenSession: (sessionId: string) => void;
  onShowProblem: (problem: Problem) => void;
  /** The title of a node, for the list of events. */
  getNodeTitle: (id: string) => string;
  /** Shows what a node received and gave; in the pass of this number, if the event is about one. */
  onShowNode: (node: string, pass: number | null) => void;
}

/** Four views: the answer as the client receives it, the events, the problems, and the last runs of the flow. */
export function RunPanel(props: RunPanelProps) {
  const { flow, tab, onTab, folded, onFold, ask, onShowRun, onInspectRun, onOpenSession } = props;
  const { onShowProblem, getNodeTitle, onShowNode } = props;
  const events = useShownRun((run) => run.eventCount);
  const isCalled = useGraph(({ graph }) => findStart(graph) === "call");
  const problems = useJudgedProblems(({ faults }) => faults.length);
  const open = (next: RunTab): void => {
    onTab(next);
    onFold(false);
  };
  const tabs = [
    { value: "client" as const, title: renderTabTitle("eye", isCalled ? "Client sees" : "Answer") },
    { value: "events" as const, title: renderTabTitle("events", "Events"), ...showCount(events) },
    { value: "problems" as const, title: renderTabTitle("alert", "Problems"), ...showCount(problems) },
    { value: "runs" as const, title: renderTabTitle("history", "Runs") },
  ];
  return (
    <section className={joinClasses(styles.panel, folded && styles.folded)} aria-label="Run">
      <Tabs
        label="Run"
        tabs={tabs}
        value={tab}
        onChange={open}
        className={styles.tabs}
        listClassName={styles.head}
        end={<PanelEnd folded={folded} onFold={onFold} />}
      >
        <div className={styles.body} hidden={folded}>
          <TabPanel value="client" className={styles.view}>
            <ClientView flow={flow} ask={ask} onShowRun={onShowRun} onOpenSession={onOpenSession} />
          </TabPanel>
          <TabPanel value="events" className={styles.view}>
            <EventList getNodeTitle={getNodeTitle} onShowNode={onShowNode} />
          </TabPanel>
          <TabPanel value="problems" className={styles.view}>
            <ProblemList onShow={onShowProblem} getNodeTitle={getNodeTitle} />
          </TabPanel>
          <TabPanel value="runs" className={styles.view}>
            <RunList flow={flow} onShow={onInspectRun} />
          </TabPanel>
          <RunFacts />
        </div>
      </Tabs>
    </section>
  );
}

function renderTabTitle(icon: IconName, title: string): ReactNode {
  return (
    <>
      <Icon name={icon} />
      <span className={styles.word}>{title}</span>
    </>
  );
}

function showCount(count: number): { count?: number } {
  return count > 0 ? { count } : {};
}

function PanelEnd({ folded, onFold }: { folded: boolean; onFold: (folded: boolean) => void }) {
  const label = folded ? "Show run panel" : "Hide run panel";
  return (
    <div className={styles.end}>
      <RunHead />
      <Tooltip text={`${label}  \``} side="top">
        <IconButton
          icon="down"
          label={label}
          aria-expanded={!folded}
          className={folded ? styles.up : undefined}
          onClick={() => onFold(!folded)}
        />
      </Tooltip>
    </div>
  );
}
