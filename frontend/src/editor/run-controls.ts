/** Starts and stops runs. Saves the flow first, and says why a flow cannot run. */
import { createContext, use } from "react";
import type { ActionDescription, GraphNode, Json, RunInput } from "../api/types";
import { type ActionIndex, getAction } from "../graph/action-index";
import type { Autosave } from "../saving/autosave";
import { graphStore } from "../graph/store";
import type { RunSession } from "../run/session";
import { isRunning, shownRunStore } from "../run/store";
import { formatCount } from "../ui/format";
import { closeToasts, showFailedToast } from "../ui/feedback/toasts";
import { openRunTab } from "./layout";

export interface RunControls {
  /** Runs with the test data of the trigger, or with this input. */
  run: (request?: RunRequest) => Promise<void>;
  stop: () => Promise<void>;
}

/** A prompt, which replaces the prompt of the test data; or the whole input. */
export type RunRequest = { prompt: string } | { input: RunInput };

const doNothing = (): Promise<void> => Promise.resolve();

export const RunControlsContext = createContext<RunControls>({ run: doNothing, stop: doNothing });

export function useRunControls(): RunControls {
  return use(RunControlsContext);
}

export function createRunControls(
  actions: ActionIndex,
  autosave: Autosave,
  session: RunSession,
): RunControls {
  const run = async (request?: RunRequest): Promise<void> => {
    const { pendingRequest, state } = shownRunStore.getState();
    if (graphStore.getState().readOnly) return;
    if (pendingRequest !== null || isRunning(state) || !(await prepareRun(autosave))) return;
    closeToasts();
    openRunTab("client");
    await session.start(buildInput(actions, request), graphStore.getState().revision);
    const { refusal } = shownRunStore.getState();
    if (refusal?.code === "flow_has_problems") openRunTab("problems");
  };
  const stop = async (): Promise<void> => {
    if (!graphStore.getState().readOnly) await session.stop();
  };
  return { run, stop };
}

async function prepareRun(autosave: Autosave): Promise<boolean> {
  if (!(await autosave.flush())) {
    const { save } = graphStore.getState();
    const text = save.kind === "unsaved" ? save.reason : "This flow was saved elsewhere.";
    showFailedToast("Not run, for the flow is not saved", { text });
    return false;
  }
  const { runnable, problems } = graphStore.getState().analysis;
  if (runnable) return true;
  const errors = problems.filter((problem) => problem.severity === "error").length;
  openRunTab("problems");
  showFailedToast("Not run", {
    text: `The flow has ${formatCount(errors, "problem")}. The list says what to do.`,
  });
  return false;
}

/** The input of Run: the test data of the trigger, or its default. */
export function getTestInput(actions: ActionIndex, nodes: readonly GraphNode[]): RunInput {
  const trigger = findTrigger(actions, nodes);
  if (!trigger) return {};
  const { action, node } = trigger;
  const shipped = action.properties.find((each) => each.name === "test_data")?.default;
  const input = readObject(node.properties.test_data ?? shipped ?? null);
  return takesPrompt(action) ? pickChatInput(input) : input;
}

/** Whether a run takes a prompt, as a chat does, and not any JSON. */
export function takesPromptInput(actions: ActionIndex, nodes: readonly GraphNode[]): boolean {
  const trigger = findTrigger(actions, nodes);
  return trigger === null || takesPrompt(trigger.action);
}

function findTrigger(actions: ActionIndex, nodes: readonly GraphNode[]) {
  const node = nodes.find((each) => getAction(actions, each).role === "trigger");
  return node ? { node, action: getAction(actions, node) } : null;
}

function takesPrompt({ outputs }: ActionDescription): boolean {
  return outputs.some(({ fields }) => fields.some((field) => field.name === "prompt"));
}

function readObject(data: Json | { expression: string }): RunInput {
  return typeof data === "object" && data !== null && !Array.isArray(data) ? data : {};
}

/** The fields that a caller may send. Empty fields are left out. */
function pickChatInput({ prompt, session_id, context }: RunInput): RunInput {
  return {
    prompt: typeof prompt === "string" ? prompt : "",
    ...(typeof session_id === "string" && session_id !== "" ? { session_id } : {}),
    ...(context === undefined || context === null ? {} : { context }),
  };
}

function buildInput(actions: ActionIndex, request: RunRequest | undefined): RunInput {
  if (request && "input" in request) return request.input;
  return { ...getTestInput(actions, graphStore.getState().graph.nodes), ...request };
}
