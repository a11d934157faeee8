/** One open flow: the store shows it, and it saves itself until it is closed. */
import { ApiError } from "../api/client";
import { saveGraph } from "../api/flows";
import type { Flow, Graph } from "../api/types";
import { dropDraft, keepDraft, readDraft } from "./local-draft";
import { Autosave, type SaveAnswer } from "./autosave";
import { closeFlow, openFlow, takeSaved, graphStore } from "../graph/store";

export interface FlowDocument {
  autosave: Autosave;
  /** @returns what closes it: what is left is saved then */
  open: () => () => void;
}

export function makeFlowDocument(flow: Flow, readOnly: boolean): FlowDocument {
  const ports = {
    put: (revision: number, graph: Graph) => put(flow.id, revision, graph),
    graph: () => graphStore.getState().graph,
    report: takeSaved,
    keep: keepDraft.bind(null, flow.id),
    drop: () => dropDraft(flow.id),
  };
  const autosave = new Autosave(ports, flow.revision, flow.graph);
  return { autosave, open: () => open(flow, readOnly, autosave) };
}

function open(flow: Flow, readOnly: boolean, autosave: Autosave): () => void {
  openFlow(flow, readOnly);
  autosave.begin();
  const draft = readOnly ? null : readDraft(flow.id);
  if (draft) {
    graphStore.setState({ graph: draft.graph });
    autosave.resume(draft.revision);
  }
  const unsubscribe = graphStore.subscribe((now, before) => {
    if (now.graph !== before.graph) autosave.changed();
  });
  const keep = (): void => autosave.keep();
  const again = (): void => void autosave.flush();
  addEventListener("pagehide", keep);
  addEventListener("online", again);
  return () => {
    unsubscribe();
    removeEventListener("pagehide", keep);
    removeEventListener("online", again);
    autosave.close();
    closeFlow();
  };
}

async function put(flow: string, revision: number, graph: Graph): Promise<SaveAnswer> {
  try {
    return { kind: "saved", ...(await saveGraph(flow, { revision, graph })) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "version_conflict")
      return { kind: "conflict", revision: error.refusal.revision ?? revision };
    return { kind: "refused", reason: error.message, retry: error.status === 0 || error.status >= 500 };
  }
}
