/** Run, ask and stop: saves first, and says in words why a flow does not run. */
import { createContext, use } from "react";
import type { ActionDescription, GraphNode, Json, RunInput } from "../api/types";
import { type ActionIndex, actionOf } from "../graph/action-index";
import type { Autosave } from "../saving/autosave";
import { graphStore } from "../graph/store";
import type { RunSession } from "../run/session";
import { isGoing, shownRunStore } from "../run/store";
import { formatCount } from "../ui/format";
import { toastFailed } from "../ui/feedback/toasts";
import { openTab } from "./layout";

export interface RunActs {
  /** With the trigger's test data, or with what is asked. */
  run: (asked?: Asked) => Promise<void>;
  stop: () => Promise<void>;
}

/** A prompt, which takes the place of that of the test data; or all that the trigger is given. */
export type Asked = { prompt: string } | { input: RunInput };

const nothing = (): Promise<void> => Promise.resolve();

export const RunActsContext = createContext<RunActs>({ run: nothing, stop: nothing });

export function useRunActs(): RunActs {
  return use(RunActsContext);
}

export function makeRunActs(actions: ActionIndex, autosave: Autosave, session: RunSession): RunActs {
  const run = async (given?: Asked): Promise<void> => {
    const { asked, state } = shownRunStore.getState();
    if (graphStore.getState().readOnly) return;
    if (asked !== null || isGoing(state) || !(await mayRun(autosave))) return;
    openTab("client");
    await session.start(inputOf(actions, given), graphStore.getState().revision);
    const { refusal } = shownRunStore.getState();
    if (refusal?.code === "flow_has_problems") openTab("problems");
  };
  const stop = async (): Promise<void> => {
    if (!graphStore.getState().readOnly) await session.stop();
  };
  return { run, stop };
}

async function mayRun(autosave: Autosave): Promise<boolean> {
  if (!(await autosave.flush())) {
    const { save } = graphStore.getState();
    const text = save.kind === "unsaved" ? save.reason : "Someone else saved this flow.";
    toastFailed("Not run, for the flow is not saved", { text });
    return false;
  }
  const { runnable, problems } = graphStore.getState().analysis;
  if (runnable) return true;
  const errors = problems.filter((problem) => problem.severity === "error").length;
  openTab("problems");
  toastFailed("Not run", {
    text: `The flow has ${formatCount(errors, "problem")}. The list says what to do.`,
  });
  return false;
}

/** What Run sends: the trigger's test data, or its default. */
export function testInput(actions: ActionIndex, nodes: readonly GraphNode[]): RunInput {
  const trigger = triggerOf(actions, nodes);
  if (!trigger) return {};
  const { action, node } = trigger;
  const shipped = action.properties.find((each) => each.name === "test_data")?.default;
  const input = readObject(node.properties.test_data ?? shipped ?? null);
  return takesPrompt(action) ? chatInput(input) : input;
}

/** Whether a run is asked with a prompt, as a chat is, rather than with any JSON. */
export function asksForPrompt(actions: ActionIndex, nodes: readonly GraphNode[]): boolean {
  const trigger = triggerOf(actions, nodes);
  return trigger === null || takesPrompt(trigger.action);
}

function triggerOf(actions: ActionIndex, nodes: readonly GraphNode[]) {
  const node = nodes.find((each) => actionOf(actions, each).role === "trigger");
  return node ? { node, action: actionOf(actions, node) } : null;
}

function takesPrompt({ outputs }: ActionDescription): boolean {
  return outputs.some(({ fields }) => fields.some((field) => field.name === "prompt"));
}

function readObject(data: Json | { expression: string }): RunInput {
  return typeof data === "object" && data !== null && !Array.isArray(data) ? data : {};
}

/** Only what a caller may send; a field that is empty is not sent. */
function chatInput({ prompt, session_id, context }: RunInput): RunInput {
  return {
    prompt: typeof prompt === "string" ? prompt : "",
    ...(typeof session_id === "string" && session_id !== "" ? { session_id } : {}),
    ...(context === undefined || context === null ? {} : { context }),
  };
}

function inputOf(actions: ActionIndex, asked: Asked | undefined): RunInput {
  if (asked && "input" in asked) return asked.input;
  return { ...testInput(actions, graphStore.getState().graph.nodes), ...asked };
}
