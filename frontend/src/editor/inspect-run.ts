import { drawDraft, getDraft, graphStore } from "../graph/store";
import type { RunSession } from "../run/session";
import type { InspectedRun } from "../run/useInspectRun";
import type { VersionControls } from "./version-controls";

/** Shows a run, and draws the version that it executed; the draft, where that is the version. */
export function inspectRun(session: RunSession, versions: VersionControls, run: InspectedRun): void {
  session.show(run.id, run.input);
  if (getDraft(graphStore.getState()).revision === run.revision) drawDraft();
  else void versions.show(run.revision);
}
