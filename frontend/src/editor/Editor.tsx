import { ReactFlowProvider } from "@xyflow/react";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useState } from "react";
import { useSession } from "../pages/account/session";
import { keys } from "../api/keys";
import { useConnectionChoices } from "../api/connections";
import { useFlowNames } from "../api/flows";
import { useRuns } from "../api/runs";
import type { Catalogue, Flow } from "../api/types";
import { ThingNames } from "./canvas/card/DataRows";
import { resetUi } from "./canvas/ui-store";
import { indexActions } from "../graph/action-index";
import { ActionsContext } from "../graph/useActions";
import { RunSession } from "../run/session";
import { shownRunStore } from "../run/store";
import { useShownRun } from "../run/useShownRun";
import { type FlowDocument, makeFlowDocument } from "../saving/open-flow";
import { makeRunActs, RunActsContext } from "./run-acts";
import { Workbench } from "./Workbench";

interface EditorProps {
  /** As it was when the editor was opened; later answers of the server do not change what is drawn. */
  flow: Flow;
  /** The name may be changed while the editor is open. */
  name: string;
  catalogue: Catalogue;
  onLoadTheirs: () => void;
}

/** One flow, opened: its document, its socket, and the workbench that shows both. */
export function Editor({ flow, name, catalogue, onLoadTheirs }: EditorProps) {
  const readOnly = useSession().workspace.role === "viewer";
  const [document] = useState(() => makeFlowDocument(flow, readOnly));
  const [session] = useState(() => new RunSession(flow.id));
  const actions = useMemo(() => indexActions(catalogue), [catalogue]);
  const runActs = useMemo(
    () => makeRunActs(actions, document.autosave, session),
    [actions, document, session],
  );
  useOpened(document, session);
  return (
    <ActionsContext value={actions}>
      <RunActsContext value={runActs}>
        <Named readOnly={readOnly}>
          <LastRun flow={flow.id} session={session} />
          <ReactFlowProvider>
            <Workbench
              flow={{ id: flow.id, description: flow.description, name }}
              catalogue={catalogue}
              autosave={document.autosave}
              session={session}
              onLoadTheirs={onLoadTheirs}
            />
          </ReactFlowProvider>
        </Named>
      </RunActsContext>
    </ActionsContext>
  );
}

/** A card shows a connection or a flow by its name. A viewer may not ask for the connections, and sees ids. */
function Named({ readOnly, children }: { readOnly: boolean; children: ReactNode }) {
  return readOnly ? children : <AskedNames>{children}</AskedNames>;
}

function AskedNames({ children }: { children: ReactNode }) {
  const connections = useConnectionChoices().data;
  const flows = useFlowNames().data;
  const names = useMemo(
    () => new Map([...(connections ?? []), ...(flows ?? [])].map(({ id, name }) => [id, name])),
    [connections, flows],
  );
  return <ThingNames value={names}>{children}</ThingNames>;
}

/** Before the first paint, so that no empty canvas is seen. */
function useOpened(document: FlowDocument, session: RunSession): void {
  useLayoutEffect(() => {
    const closeDocument = document.open();
    const closeSession = session.open();
    return () => {
      closeSession();
      closeDocument();
      resetUi();
    };
  }, [document, session]);
}

/** Shows the last run, from its beginning: a page that is loaded in mid-run catches up. Draws nothing. */
function LastRun({ flow, session }: { flow: string; session: RunSession }) {
  const { data } = useRuns(flow);
  const client = useQueryClient();
  const last = data?.[0];
  useEffect(() => {
    const { run, asked } = shownRunStore.getState();
    if (last && run === null && asked === null) session.show(last.id, last.input);
  }, [last, session]);
  const status = useShownRun((shown) => shown.state.status);
  useEffect(() => {
    void client.invalidateQueries({ queryKey: keys.runs(flow) });
  }, [status, flow, client]);
  return null;
}
