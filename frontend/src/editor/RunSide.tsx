import { useMemo } from "react";
import type { Problem } from "../api/types";
import { useCanvasView } from "./canvas/useCanvasView";
import { getAction } from "../graph/action-index";
import { useActions } from "../graph/useActions";
import { findNode, getTitle } from "../graph/document";
import { select, graphStore } from "../graph/store";
import { getTestInput, takesPromptInput, takesSessionId } from "../graph/test-input";
import { useGraph } from "../graph/useGraph";
import type { ComposeOptions } from "../run-panel/Compose";
import { RunPanel } from "../run-panel/RunPanel";
import { openConversation } from "../run/conversation";
import type { RunSession } from "../run/session";
import { focusNode } from "./canvas/gestures/focus";
import { inspectRun } from "./inspect-run";
import { changeLayout, RUN_PANEL_HEIGHT, useLayout } from "./layout";
import { showLastRun } from "./panel-tab";
import { Resizer } from "./Resizer";
import { useRunControls } from "./run-controls";
import { useVersionControls } from "./version-controls";
import styles from "./RunSide.module.css";

/** The run panel under the canvas, with the height that the person gave it. */
export function RunSide({ flow, session }: { flow: string; session: RunSession }) {
  const actions = useActions();
  const { runPanel: open, runHeight, tab } = useLayout();
  const nodes = useGraph((state) => state.graph.nodes);
  const readOnly = useGraph((state) => state.readOnly);
  const ask = useComposeOptions();
  const versions = useVersionControls();
  const showProblem = useShowProblem();
  const getNodeTitle = (id: string): string => {
    const node = nodes.find((each) => each.id === id);
    return node ? getTitle(node, getAction(actions, node).title) : id;
  };
  return (
    <div className={styles.side} style={open ? { height: runHeight } : undefined}>
      {open ? (
        <Resizer
          label="Height of the run panel"
          edge="top"
          size={runHeight}
          min={RUN_PANEL_HEIGHT.minPx}
          max={Math.round(innerHeight * RUN_PANEL_HEIGHT.maxShare)}
          onResize={(height) => changeLayout({ runHeight: height })}
        />
      ) : null}
      <RunPanel
        flow={flow}
        tab={tab}
        onTab={(next) => changeLayout({ tab: next })}
        folded={!open}
        onFold={(folded) => changeLayout({ runPanel: !folded })}
        ask={readOnly ? null : ask}
        onShowRun={(run, input) => session.show(run, input)}
        onInspectRun={(run) => inspectRun(session, versions, run)}
        onOpenSession={(sessionId) => {
          session.showNone();
          openConversation(sessionId);
        }}
        onShowProblem={showProblem}
        getNodeTitle={getNodeTitle}
        onShowNode={showNodeRun}
      />
    </div>
  );
}

/** Selects a node and shows what it received; does nothing for a node that the flow no longer has. */
function showNodeRun(node: string, pass: number | null): void {
  if (!findNode(graphStore.getState().graph, node)) return;
  select([node]);
  showLastRun(node, pass);
  changeLayout({ properties: true });
}

/** How the run panel asks for the input: with a prompt, or with JSON that begins as the test data. */
function useComposeOptions(): ComposeOptions {
  const actions = useActions();
  const acts = useRunControls();
  const nodes = useGraph((state) => state.graph.nodes);
  return useMemo(() => {
    if (!takesPromptInput(actions, nodes)) {
      const input = getTestInput(actions, nodes);
      return { kind: "json", input, send: (sent) => void acts.run({ input: sent }) };
    }
    const hasSessions = takesSessionId(actions, nodes);
    return { kind: "prompt", hasSessions, send: (prompt) => acts.run({ prompt }) };
  }, [actions, nodes, acts]);
}

/** Selects the node or the edge of a problem; shows the whole flow when the problem is about the flow. */
function useShowProblem(): (problem: Problem) => void {
  const view = useCanvasView();
  return ({ node, edge }) => {
    if (node !== null && findNode(graphStore.getState().graph, node)) {
      select([node]);
      focusNode(node);
      changeLayout({ properties: true });
    } else if (edge !== null) {
      select([edge]);
    } else {
      view.fit();
    }
  };
}
