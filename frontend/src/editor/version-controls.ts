/** Draws versions of the flow in place of its draft, compares two of them, and restores one. */
import { createContext, use } from "react";
import { describeError } from "../api/refusals";
import type { Graph } from "../api/types";
import { compareVersions, fetchVersion } from "../api/versions";
import { mergeGraphs } from "../graph/merge-graphs";
import { drawVersion, getDraft, graphStore } from "../graph/store";
import type { FlowDocument } from "../saving/open-flow";
import { showDoneToast, showFailedToast } from "../ui/feedback/toasts";

export interface VersionControls {
  show: (number: number) => Promise<void>;
  /** Draws what the newer version has, and what the older one had besides. */
  compare: (old: number, next: number) => Promise<void>;
  compareWithDraft: (number: number) => Promise<void>;
  restore: (number: number) => Promise<void>;
}

const doNothing = (): Promise<void> => Promise.resolve();

export const VersionControlsContext = createContext<VersionControls>({
  show: doNothing,
  compare: doNothing,
  compareWithDraft: doNothing,
  restore: doNothing,
});

export function useVersionControls(): VersionControls {
  return use(VersionControlsContext);
}

export function createVersionControls(flow: string, document: FlowDocument): VersionControls {
  const fetchGraph = async (number: number): Promise<Graph> => (await fetchVersion(flow, number)).graph;
  const show = async (number: number): Promise<void> => {
    const graph = await fetchGraph(number);
    drawVersion({ number, graph, comparedWith: null, marks: new Map() });
  };
  const compare = async (old: number, next: number): Promise<void> => {
    const [before, after, changes] = await Promise.all([
      fetchGraph(old),
      fetchGraph(next),
      compareVersions(flow, old, next),
    ]);
    drawVersion({ number: next, comparedWith: old, ...mergeGraphs(before, after, changes) });
  };
  const compareWithDraft = async (number: number): Promise<void> => {
    await document.autosave.flush();
    await compare(number, getDraft(graphStore.getState()).revision);
  };
  const restore = async (number: number): Promise<void> => {
    await document.restore(number);
    showDoneToast(`Version ${number} is the draft`, { text: "Undo brings back what you had." });
  };
  return {
    show: (number) => tellFailure(show(number), "Not shown"),
    compare: (old, next) => tellFailure(compare(old, next), "Not compared"),
    compareWithDraft: (number) => tellFailure(compareWithDraft(number), "Not compared"),
    restore: (number) => tellFailure(restore(number), "Not restored"),
  };
}

/** Shows why it failed. What was drawn stays then. */
async function tellFailure(work: Promise<void>, title: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    showFailedToast(title, { text: error instanceof Error ? describeError(error) : undefined });
  }
}
