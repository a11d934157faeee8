import { useState } from "react";
import { useVariables } from "../../api/variables";
import type { Variable } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { useIsAdmin } from "../account/session";
import { AdminsOnlyPage } from "../resource/AdminsOnlyPage";
import { ResourcePage } from "../resource/ResourcePage";
import { DeleteVariableDialog } from "./DeleteVariableDialog";
import { VariableDialog } from "./VariableDialog";
import { VariablesEmpty } from "./VariablesEmpty";
import { VariableTable } from "./VariableTable";

/** Which dialog is open, and about what. */
type VariablesDialog =
  | { dialog: "new" }
  | { dialog: "edit"; variable: Variable }
  | { dialog: "delete"; variable: Variable }
  | null;

export function VariablesPage() {
  return useIsAdmin() ? <Variables /> : <AdminsOnlyPage title="Variables" />;
}

function Variables() {
  const query = useVariables();
  const [open, setOpen] = useState<VariablesDialog>(null);
  const create = () => setOpen({ dialog: "new" });
  return (
    <ResourcePage
      title="Variables"
      plural="variables"
      query={query}
      search={{ label: "Find a variable", getText: ({ name }) => name }}
      actions={
        <Button kind="solid" size="l" icon="add" onClick={create}>
          New variable
        </Button>
      }
      empty={<VariablesEmpty onNew={create} />}
      dialog={<OpenDialog open={open} onClose={() => setOpen(null)} />}
    >
      {(found, words) => (
        <VariableTable
          variables={found}
          words={words}
          onEdit={(variable) => setOpen({ dialog: "edit", variable })}
          onDelete={(variable) => setOpen({ dialog: "delete", variable })}
        />
      )}
    </ResourcePage>
  );
}

function OpenDialog({ open, onClose }: { open: VariablesDialog; onClose: () => void }) {
  if (!open) return null;
  if (open.dialog === "delete") return <DeleteVariableDialog variable={open.variable} onClose={onClose} />;
  return <VariableDialog variable={open.dialog === "edit" ? open.variable : undefined} onClose={onClose} />;
}
