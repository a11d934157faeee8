import { useMemo } from "react";
import type { Problem } from "../api/types";
import { useView } from "./canvas/view";
import { actionOf } from "../graph/action-index";
import { useActions } from "../graph/useActions";
import { findNode, titleOf } from "../graph/document";
import { select, graphStore } from "../graph/store";
import { useGraph } from "../graph/useGraph";
import type { Ask } from "../run-panel/Compose";
import { RunPanel } from "../run-panel/RunPanel";
import type { RunSession } from "../run/session";
import { focusNode } from "./canvas/gestures/focus";
import { changeLayout, RUN_PANEL, useLayout } from "./layout";
import { Resizer } from "./Resizer";
import { asksForPrompt, testInput, useRunActs } from "./run-acts";
import styles from "./RunSide.module.css";

/** The run panel under the canvas, as high as it was left. */
export function RunSide({ flow, session }: { flow: string; session: RunSession }) {
  const actions = useActions();
  const { runPanel: open, runHeight, tab } = useLayout();
  const nodes = useGraph((state) => state.graph.nodes);
  const readOnly = useGraph((state) => state.readOnly);
  const ask = useAsk();
  const showProblem = useShowProblem();
  const titleOfNode = (id: string): string => {
    const node = nodes.find((each) => each.id === id);
    return node ? titleOf(node, actionOf(actions, node).title) : id;
  };
  return (
    <div className={styles.side} style={open ? { height: runHeight } : undefined}>
      {open ? (
        <Resizer
          label="Height of the run panel"
          edge="top"
          size={runHeight}
          least={RUN_PANEL.least}
          most={Math.round(innerHeight * RUN_PANEL.most)}
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
        onShowRun={(run) => session.show(run.id, run.input)}
        onShowProblem={showProblem}
        titleOfNode={titleOfNode}
      />
    </div>
  );
}

/** How the trigger is asked: with a prompt, or with JSON that begins as its test data. */
function useAsk(): Ask {
  const actions = useActions();
  const acts = useRunActs();
  const nodes = useGraph((state) => state.graph.nodes);
  return useMemo(() => {
    const input = testInput(actions, nodes);
    if (!asksForPrompt(actions, nodes))
      return { kind: "json", input, send: (sent) => void acts.run({ input: sent }) };
    const session = typeof input.session_id === "string" ? input.session_id : null;
    return { kind: "prompt", session, send: (prompt) => void acts.run({ prompt }) };
  }, [actions, nodes, acts]);
}

/** A problem leads to its node, or to its edge; one of the whole flow to all of it. */
function useShowProblem(): (problem: Problem) => void {
  const view = useView();
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
