/** Run, ask and stop: saves first, and says in words why a flow does not run. */
import { createContext, use } from "react";
import type { GraphNode, Json, RunInput } from "../api/types";
import { type ActionIndex, actionOf } from "../graph/action-index";
import type { Autosave } from "../graph/save";
import { useGraph } from "../graph/store";
import type { RunSession } from "../run/session";
import { isGoing, useShownRun } from "../run/store";
import { formatCount } from "../ui/format";
import { toastFailed } from "../ui/toasts";
import { openTab } from "./layout";

export interface RunActs {
  /** With the trigger's test data; `prompt` takes the place of its prompt. */
  run: (prompt?: string) => Promise<void>;
  stop: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

export const RunActsContext = createContext<RunActs>({ run: nothing, stop: nothing });

export function useRunActs(): RunActs {
  return use(RunActsContext);
}

export function makeRunActs(actions: ActionIndex, autosave: Autosave, session: RunSession): RunActs {
  const run = async (prompt?: string): Promise<void> => {
    const { asked, state } = useShownRun.getState();
    if (useGraph.getState().readOnly) return;
    if (asked !== null || isGoing(state) || !(await mayRun(autosave))) return;
    openTab("client");
    await session.start(inputOf(actions, prompt), useGraph.getState().revision);
    const { refusal } = useShownRun.getState();
    if (refusal?.code === "flow_has_problems") openTab("problems");
  };
  const stop = async (): Promise<void> => {
    if (!useGraph.getState().readOnly) await session.stop();
  };
  return { run, stop };
}

async function mayRun(autosave: Autosave): Promise<boolean> {
  if (!(await autosave.flush())) {
    const { save } = useGraph.getState();
    const text = save.kind === "unsaved" ? save.reason : "Someone else saved this flow.";
    toastFailed("Not run, for the flow is not saved", { text });
    return false;
  }
  const { runnable, problems } = useGraph.getState().analysis;
  if (runnable) return true;
  const errors = problems.filter((problem) => problem.severity === "error").length;
  openTab("problems");
  toastFailed("Not run", {
    text: `The flow has ${formatCount(errors, "problem")}. The list says what to do.`,
  });
  return false;
}

/** What the trigger's test data says, or its default. */
export function testInput(actions: ActionIndex, nodes: readonly GraphNode[]): RunInput {
  const trigger = nodes.find((node) => actionOf(actions, node).role === "trigger");
  const shipped =
    trigger && actionOf(actions, trigger).properties.find((each) => each.name === "test_data")?.default;
  return readInput(trigger?.properties.test_data ?? shipped ?? null);
}

/** Only what a caller may send; a field that is empty is not sent. */
function readInput(data: Json | { expression: string }): RunInput {
  const { prompt, session_id, context } =
    typeof data === "object" && data !== null && !Array.isArray(data) ? (data as Record<string, Json>) : {};
  return {
    prompt: typeof prompt === "string" ? prompt : "",
    ...(typeof session_id === "string" && session_id !== "" ? { session_id } : {}),
    ...(context === undefined || context === null ? {} : { context }),
  };
}

function inputOf(actions: ActionIndex, prompt: string | undefined): RunInput {
  const input = testInput(actions, useGraph.getState().graph.nodes);
  return prompt === undefined ? input : { ...input, prompt };
}
