import type { ReactNode } from "react";
import type { Problem, RunRow } from "../api/types";
import { useGraph } from "../graph/useGraph";
import { IconButton } from "../ui/controls/Button";
import { joinClasses } from "../ui/classes";
import { Icon, type IconName } from "../ui/icons/Icon";
import { TabPanel, Tabs } from "../ui/controls/Tabs";
import { Tooltip } from "../ui/overlays/Tooltip";
import { ClientView } from "./ClientView";
import type { ComposeOptions } from "./Compose";
import { EventList } from "./EventList";
import { RunFacts } from "./RunFacts";
import { RunHistory } from "./RunHistory";
import { ProblemList } from "./ProblemList";
import styles from "./RunPanel.module.css";
import { RunHead } from "./RunHead";
import { useShownRun } from "../run/useShownRun";

export type RunTab = "client" | "events" | "problems" | "history";

interface RunPanelProps {
  flow: string;
  tab: RunTab;
  onTab: (tab: RunTab) => void;
  folded: boolean;
  onFold: (folded: boolean) => void;
  /** How the person runs the flow from here; null for a person who may not run it. */
  ask: ComposeOptions | null;
  onShowRun: (run: RunRow) => void;
  onShowProblem: (problem: Problem) => void;
  /** The title of a node, for the list of events. */
  getNodeTitle: (id: string) => string;
}

/** Four views: the answer as the client receives it, the events, the problems, and the last runs. */
export function RunPanel(props: RunPanelProps) {
  const { flow, tab, onTab, folded, onFold, ask, onShowRun, onShowProblem, getNodeTitle } = props;
  const events = useShownRun((run) => run.eventCount);
  const problems = useGraph((graph) => graph.analysis.problems.length);
  const open = (next: RunTab): void => {
    onTab(next);
    onFold(false);
  };
  const tabs = [
    { value: "client" as const, title: renderTabTitle("eye", "Client sees") },
    { value: "events" as const, title: renderTabTitle("events", "Events"), ...showCount(events) },
    { value: "problems" as const, title: renderTabTitle("alert", "Problems"), ...showCount(problems) },
    { value: "history" as const, title: renderTabTitle("history", "History") },
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
            <ClientView ask={ask} />
          </TabPanel>
          <TabPanel value="events" className={styles.view}>
            <EventList getNodeTitle={getNodeTitle} />
          </TabPanel>
          <TabPanel value="problems" className={styles.view}>
            <ProblemList onShow={onShowProblem} getNodeTitle={getNodeTitle} />
          </TabPanel>
          <TabPanel value="history" className={styles.view}>
            <RunHistory flow={flow} onShow={onShowRun} />
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
