/** An open flow: the store shows it, and it is saved by itself until it is closed. */
import { ApiError } from "../api/client";
import { onServerReady } from "../api/server-state";
import { fetchFlow, saveGraph } from "../api/flows";
import { restoreVersion } from "../api/versions";
import type { Flow, Graph } from "../api/types";
import { dropDraft, type FlowDraft, keepDraft, readDraft } from "./local-draft";
import { Autosave, type SaveAnswer } from "./autosave";
import { closeFlow, getDraft, openFlow, reportSave, graphStore, showStored } from "../graph/store";

export interface FlowDocument {
  autosave: Autosave;
  /** @returns a function that closes the flow and saves the rest */
  open: () => () => void;
  /**
   * Shows what the server has. Undo brings back what was drawn here.
   * @throws ApiError when the flow cannot be loaded; nothing has changed then
   */
  loadTheirs: () => Promise<Flow>;
  /**
   * Makes the graph of a version the draft, once what is drawn is saved. Undo brings that back.
   * @throws ApiError when the server refuses; nothing has changed then
   */
  restore: (number: number) => Promise<Flow>;
}

export function createFlowDocument(flow: Flow, readOnly: boolean): FlowDocument {
  const kept = readOnly ? null : readDraft(flow.id);
  const page = kept?.page ?? createPageId();
  const ports = {
    putGraph: (revision: number, graph: Graph) => putGraph(flow.id, revision, graph),
    getGraph: () => getDraft(graphStore.getState()).graph,
    report: reportSave,
    keepDraft: (draft: FlowDraft) => keepDraft(flow.id, { page, draft }),
    dropDraft: () => dropDraft(flow.id, page),
  };
  const autosave = new Autosave(ports, flow.revision, flow.graph);
  const show = (stored: Flow, label: string): Flow => {
    autosave.adopt(stored);
    showStored(stored, label);
    return stored;
  };
  const loadTheirs = async (): Promise<Flow> => show(await fetchFlow(flow.id), "Load theirs");
  const restore = async (number: number): Promise<Flow> => {
    await autosave.flush();
    const { revision } = getDraft(graphStore.getState());
    return show(await restoreVersion(flow.id, number, revision), `Restore version ${number}`);
  };
  return { autosave, open: () => openDocument(flow, readOnly, autosave), loadTheirs, restore };
}

/** `crypto.randomUUID` exists only on pages that were loaded over HTTPS. */
function createPageId(): string {
  return crypto.getRandomValues(new Uint32Array(2)).join("-");
}

function openDocument(flow: Flow, readOnly: boolean, autosave: Autosave): () => void {
  openFlow(flow, readOnly);
  autosave.begin();
  const draft = readOnly ? null : (readDraft(flow.id)?.draft ?? null);
  if (draft) {
    graphStore.setState({ graph: draft.graph });
    autosave.resume(draft);
  }
  const unsubscribe = graphStore.subscribe((now, before) => {
    if (getDraft(now).graph !== getDraft(before).graph) autosave.update();
  });
  const keepUnsaved = (): void => void autosave.keepDraft();
  const endSavingAgain = onServerReady(() => void autosave.flush());
  addEventListener("pagehide", keepUnsaved);
  return () => {
    unsubscribe();
    endSavingAgain();
    removeEventListener("pagehide", keepUnsaved);
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
