/** Draws versions of the flow in place of its draft, compares two of them, and restores one. */
import { createContext, use } from "react";
import { ApiError } from "../api/client";
import { describeError } from "../api/refusals";
import type { Graph, Version } from "../api/types";
import { compareVersions, fetchVersion } from "../api/versions";
import { mergeGraphs } from "../graph/merge-graphs";
import { drawVersion, getDraft, graphStore } from "../graph/store";
import type { FlowDocument } from "../saving/open-flow";
import { showDoneToast, showFailedToast } from "../ui/feedback/toasts";

/** A side of a comparison: a version by its number, or the draft as it is drawn now. */
export type Side = number | "draft";

export interface VersionControls {
  show: (number: number) => Promise<void>;
  /** Draws what `next` has, and what `old` had besides. Either may be the newer one. */
  compare: (old: Side, next: Side) => Promise<void>;
  restore: (number: number) => Promise<void>;
}

const doNothing = (): Promise<void> => Promise.resolve();

export const VersionControlsContext = createContext<VersionControls>({
  show: doNothing,
  compare: doNothing,
  restore: doNothing,
});

export function useVersionControls(): VersionControls {
  return use(VersionControlsContext);
}

export function createVersionControls(flow: string, document: FlowDocument): VersionControls {
  const fetchGraph = async (number: number): Promise<Graph> => (await fetchExisting(flow, number)).graph;
  const show = async (number: number): Promise<void> => {
    const graph = await fetchGraph(number);
    drawVersion({ number, graph, comparedWith: null, marks: new Map() });
  };
  const compare = async (oldSide: Side, nextSide: Side): Promise<void> => {
    if (oldSide === "draft" || nextSide === "draft") await document.autosave.flush();
    const [old, next] = [getNumber(oldSide), getNumber(nextSide)];
    const [before, after] = await Promise.all([fetchGraph(old), fetchGraph(next)]);
    const changes = await compareVersions(flow, old, next);
    drawVersion({ number: next, comparedWith: old, ...mergeGraphs(before, after, changes) });
  };
  const restore = async (number: number): Promise<void> => {
    await document.restore(number);
    showDoneToast(`Version ${number} is the draft`, { text: "Undo brings back what you had." });
  };
  return {
    show: (number) => tellFailure(show(number), "Not shown"),
    compare: (old, next) => tellFailure(compare(old, next), "Not compared"),
    restore: (number) => tellFailure(restore(number), "Not restored"),
  };
}

function getNumber(side: Side): number {
  return side === "draft" ? getDraft(graphStore.getState()).revision : side;
}

/** The version; throws in words when the flow has none of this number. */
async function fetchExisting(flow: string, number: number): Promise<Version> {
  try {
    return await fetchVersion(flow, number);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    throw new Error(`This flow has no version ${number}, or has it no more.`, { cause: error });
  }
}

/** Shows why it failed. What was drawn stays then. */
async function tellFailure(work: Promise<void>, title: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    showFailedToast(title, { text: error instanceof Error ? describeError(error) : undefined });
  }
}
