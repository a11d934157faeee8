import { useState } from "react";
import { useFlows } from "../../api/flows";
import type { FlowRow } from "../../api/types";
import { PageBar, PageHead } from "../resource/Page";
import { useMayEdit } from "../account/session";
import { Button } from "../../ui/controls/Button";
import { PageError } from "../../ui/feedback/PageError";
import { SearchBox } from "../../ui/controls/SearchBox";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import text from "../../ui/text.module.css";
import { DeleteFlowDialog } from "./DeleteFlowDialog";
import { FlowDialog } from "./FlowDialog";
import { FlowsEmpty } from "./FlowsEmpty";
import { FlowsFoot } from "./FlowsFoot";
import { FlowTable } from "./FlowTable";

/** Which dialog is open, and about which flow. */
type Asking = { what: "new" } | { what: "rename" | "delete"; flow: FlowRow } | null;

export function FlowsPage() {
  const flows = useFlows();
  const mayEdit = useMayEdit();
  const [asking, setAsking] = useState<Asking>(null);
  const close = () => setAsking(null);
  const startNew = () => setAsking({ what: "new" });
  return (
    <main>
      <PageHead title="Flows" count={flows.data?.length}>
        {mayEdit && flows.data?.length ? (
          <Button kind="solid" size="l" icon="add" onClick={startNew}>
            New flow
          </Button>
        ) : null}
      </PageHead>
      {flows.data ? (
        <FlowList flows={flows.data} onNew={mayEdit ? startNew : undefined} onAsk={setAsking} />
      ) : flows.error ? (
        <PageError title="The flows cannot be shown" error={flows.error} onAct={() => void flows.refetch()} />
      ) : (
        <SkeletonRows label="The flows are on their way" />
      )}
      {asking?.what === "new" ? <FlowDialog onClose={close} /> : null}
      {asking?.what === "rename" ? <FlowDialog flow={asking.flow} onClose={close} /> : null}
      {asking?.what === "delete" ? <DeleteFlowDialog flow={asking.flow} onClose={close} /> : null}
    </main>
  );
}

interface FlowListProps {
  flows: FlowRow[];
  /** Absent for a person who may not make one. */
  onNew?: () => void;
  onAsk: (asking: Asking) => void;
}

function FlowList({ flows, onNew, onAsk }: FlowListProps) {
  const [words, setWords] = useState("");
  if (flows.length === 0) return <FlowsEmpty onNew={onNew} />;
  return (
    <>
      <PageBar>
        <SearchBox label="Find a flow" value={words} onChange={setWords} />
        <span className={text.muted}>Last 24 hours</span>
      </PageBar>
      <FlowTable
        flows={flows.filter((flow) => matches(flow, words))}
        words={words}
        onRename={(flow) => onAsk({ what: "rename", flow })}
        onDelete={(flow) => onAsk({ what: "delete", flow })}
      />
      <FlowsFoot flows={flows} />
    </>
  );
}

function matches({ name, description }: FlowRow, words: string): boolean {
  const where = `${name} ${description}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}
