/** Starts and stops runs. Saves the flow first, and says why a flow cannot run. */
import { createContext, use } from "react";
import type { RunInput } from "../api/types";
import type { ActionIndex } from "../graph/action-index";
import type { Autosave } from "../saving/autosave";
import { endNewNodes, graphStore } from "../graph/store";
import { getTestInput, takesSessionId } from "../graph/test-input";
import { conversationStore, createSessionId, openConversation } from "../run/conversation";
import type { RunSession } from "../run/session";
import { isRunning, shownRunStore } from "../run/store";
import { formatCount } from "../ui/format";
import { closeToasts, showFailedToast } from "../ui/feedback/toasts";
import { openRunTab } from "./layout";

export interface RunControls {
  /** Runs with the test data of the trigger, or with this input. @returns whether the run was started */
  run: (request?: RunRequest) => Promise<boolean>;
  stop: () => Promise<void>;
}

/** A prompt, which replaces the prompt of the test data; or the whole input. */
export type RunRequest = { prompt: string } | { input: RunInput };

export const RunControlsContext = createContext<RunControls>({
  run: () => Promise.resolve(false),
  stop: () => Promise.resolve(),
});

export function useRunControls(): RunControls {
  return use(RunControlsContext);
}

export function createRunControls(
  actions: ActionIndex,
  autosave: Autosave,
  session: RunSession,
): RunControls {
  const run = async (request?: RunRequest): Promise<boolean> => {
    const { pendingRequest, state } = shownRunStore.getState();
    if (graphStore.getState().readOnly) return false;
    if (pendingRequest !== null || isRunning(state) || !(await prepareRun(autosave))) return false;
    closeToasts();
    openRunTab("client");
    const isStarted = await session.start(buildInput(actions, request), graphStore.getState().revision);
    const { refusal } = shownRunStore.getState();
    if (refusal?.code === "flow_has_problems") openRunTab("problems");
    return isStarted;
  };
  const stop = async (): Promise<void> => {
    if (!graphStore.getState().readOnly) await session.stop();
  };
  return { run, stop };
}

async function prepareRun(autosave: Autosave): Promise<boolean> {
  endNewNodes();
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
    text: `The flow has ${formatCount(errors, "error")}. The list says what to do.`,
  });
  return false;
}

/**
 * The input of a run. A run of a chat is a turn of the conversation that the panel shows; test data that name a
 * session go there. Without either, a new conversation begins.
 */
function buildInput(actions: ActionIndex, request: RunRequest | undefined): RunInput {
  if (request && "input" in request) return request.input;
  const { nodes } = graphStore.getState().graph;
  const input: RunInput = { ...getTestInput(actions, nodes), ...request };
  if (!takesSessionId(actions, nodes)) return input;
  const tested = typeof input.session_id === "string" ? input.session_id : null;
  const shown = conversationStore.getState().sessionId;
  const session_id = (request ? (shown ?? tested) : (tested ?? shown)) ?? createSessionId();
  openConversation(session_id);
  return { ...input, session_id };
}
