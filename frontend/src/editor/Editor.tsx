import { ReactFlowProvider } from "@xyflow/react";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useLayoutEffect, useMemo, useState } from "react";
import { useSession } from "../pages/account/session";
import { queryKeys } from "../api/query-keys";
import { useCollections } from "../api/collections";
import { useConnectionChoices } from "../api/connections";
import { useFlowNames } from "../api/flows";
import type { Catalogue, Flow, Named } from "../api/types";
import { ResourceNames } from "./canvas/card/DataRows";
import { useOfferedResources } from "./canvas/placement/useOfferedResources";
import { resetCanvasUi } from "./canvas/ui-store";
import { indexActions } from "../graph/action-index";
import { ActionsContext } from "../graph/useActions";
import { describeError } from "../api/refusals";
import { showDoneToast, showFailedToast } from "../ui/feedback/toasts";
import { RunSession } from "../run/session";
import { type InspectedRun, InspectRunContext } from "../run/useInspectRun";
import { type FlowDocument, createFlowDocument } from "../saving/open-flow";
import { EditorSkeleton } from "./EditorSkeleton";
import { inspectRun } from "./inspect-run";
import { LastRun } from "./LastRun";
import { openRunTab } from "./layout";
import { createRunControls, RunControlsContext } from "./run-controls";
import { createVersionControls, VersionControlsContext } from "./version-controls";
import { Workbench } from "./Workbench";

interface EditorProps {
  /** The flow as it was when the editor opened. Later answers of the server do not change what is drawn. */
  flow: Flow;
  /** The name, which can change while the editor is open. */
  name: string;
  catalogue: Catalogue;
}

/** Opens one flow: its document, its socket, and the workbench that shows both. */
export function Editor({ flow, name, catalogue }: EditorProps) {
  const readOnly = useSession().workspace.role === "viewer";
  const [document] = useState(() => createFlowDocument(flow, readOnly));
  const [session] = useState(() => new RunSession(flow.id));
  const loadTheirs = useLoadTheirs(document);
  const actions = useMemo(() => indexActions(catalogue), [catalogue]);
  const runActs = useMemo(
    () => createRunControls(actions, document.autosave, session),
    [actions, document, session],
  );
  const versionControls = useMemo(() => createVersionControls(flow.id, document), [flow.id, document]);
  const openRun = useCallback(
    (run: InspectedRun) => {
      inspectRun(session, versionControls, run);
      openRunTab("client");
    },
    [session, versionControls],
  );
  useOpenDocument(document, session);
  return (
    <ActionsContext value={actions}>
      <RunControlsContext value={runActs}>
        <VersionControlsContext value={versionControls}>
          <InspectRunContext value={openRun}>
            <ResourceNamesProvider readOnly={readOnly}>
              <LastRun flow={flow.id} session={session} />
              <ReactFlowProvider>
                <Workbench
                  flow={{ ...flow, name }}
                  catalogue={catalogue}
                  autosave={document.autosave}
                  session={session}
                  onLoadTheirs={loadTheirs}
                />
              </ReactFlowProvider>
            </ResourceNamesProvider>
          </InspectRunContext>
        </VersionControlsContext>
      </RunControlsContext>
    </ActionsContext>
  );
}

/** Shows what the server has in place of what is drawn here. */
function useLoadTheirs(document: FlowDocument): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    try {
      const stored = await document.loadTheirs();
      client.setQueryData(queryKeys.flow(stored.id), stored);
      showDoneToast("Theirs is shown", { text: "Undo brings yours back." });
    } catch (error) {
      showFailedToast("Not loaded", { text: error instanceof Error ? describeError(error) : undefined });
    }
  };
}

/**
 * Provides the names of connections, collections and flows, because a card shows the name. A viewer may not load the
 * connections, so the cards show ids.
 */
function ResourceNamesProvider({ readOnly, children }: { readOnly: boolean; children: ReactNode }) {
  return readOnly ? children : <FetchedNames>{children}</FetchedNames>;
}

function FetchedNames({ children }: { children: ReactNode }) {
  const connections = useConnectionChoices().data;
  const collections = useCollections().data;
  const flows = useFlowNames().data;
  const areOffered = useOfferedResources();
  const names = useMemo(
    () => new Map([connections, collections, flows].flatMap(listNames)),
    [connections, collections, flows],
  );
  if (!areOffered) return <EditorSkeleton />;
  return <ResourceNames value={names}>{children}</ResourceNames>;
}

function listNames(named: readonly Named[] | undefined): [string, string][] {
  return (named ?? []).map(({ id, name }) => [id, name]);
}

/** Opens the document and the session before the first paint, so that no empty canvas appears. */
function useOpenDocument(document: FlowDocument, session: RunSession): void {
  useLayoutEffect(() => {
    const closeDocument = document.open();
    const closeSession = session.open();
    return () => {
      closeSession();
      closeDocument();
      resetCanvasUi();
    };
  }, [document, session]);
}
