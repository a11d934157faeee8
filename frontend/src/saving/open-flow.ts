/** An open flow: the store shows it, and it is saved by itself until it is closed. */
import { ApiError } from "../api/client";
import { saveGraph } from "../api/flows";
import type { Flow, Graph } from "../api/types";
import { dropDraft, keepDraft, readDraft } from "./local-draft";
import { Autosave, type SaveAnswer } from "./autosave";
import { closeFlow, openFlow, reportSave, graphStore } from "../graph/store";

export interface FlowDocument {
  autosave: Autosave;
  /** @returns a function that closes the flow and saves the rest */
  open: () => () => void;
}

export function createFlowDocument(flow: Flow, readOnly: boolean): FlowDocument {
  const ports = {
    putGraph: (revision: number, graph: Graph) => putGraph(flow.id, revision, graph),
    getGraph: () => graphStore.getState().graph,
    report: reportSave,
    keepDraft: keepDraft.bind(null, flow.id),
    dropDraft: () => dropDraft(flow.id),
  };
  const autosave = new Autosave(ports, flow.revision, flow.graph);
  return { autosave, open: () => openDocument(flow, readOnly, autosave) };
}

function openDocument(flow: Flow, readOnly: boolean, autosave: Autosave): () => void {
  openFlow(flow, readOnly);
  autosave.begin();
  const draft = readOnly ? null : readDraft(flow.id);
  if (draft) {
    graphStore.setState({ graph: draft.graph });
    autosave.resume(draft.revision);
  }
  const unsubscribe = graphStore.subscribe((now, before) => {
    if (now.graph !== before.graph) autosave.update();
  });
  const keepUnsaved = (): void => autosave.keepDraft();
  const saveAgain = (): void => void autosave.flush();
  addEventListener("pagehide", keepUnsaved);
  addEventListener("online", saveAgain);
  return () => {
    unsubscribe();
    removeEventListener("pagehide", keepUnsaved);
    removeEventListener("online", saveAgain);
    autosave.close();
    closeFlow();
  };
}

async function putGraph(flow: string, revision: number, graph: Graph): Promise<SaveAnswer> {
  try {
    return { kind: "saved", ...(await saveGraph(flow, { revision, graph })) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "version_conflict")
      return { kind: "conflict", revision: error.refusal.revision ?? revision };
    return { kind: "refused", reason: error.message, retry: error.status === 0 || error.status >= 500 };
  }
}
