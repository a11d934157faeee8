import { useState } from "react";
import { useApiKeys } from "../../api/api-keys";
import { useFlows } from "../../api/flows";
import type { ApiKey, FlowRow } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { useIsAdmin } from "../account/session";
import { AdminsOnlyPage } from "../resource/AdminsOnlyPage";
import { ResourcePage } from "../resource/ResourcePage";
import { ApiKeysEmpty } from "./ApiKeysEmpty";
import { ApiKeyTable, type KeyCommand } from "./ApiKeyTable";
import { LimitsDialog } from "./LimitsDialog";
import { NewApiKeyDialog } from "./NewApiKeyDialog";
import { RevokeDialog, RevokeOldSecretDialog } from "./RevokeDialog";
import { RotateDialog } from "./RotateDialog";

/** Which dialog is open, and about which key. */
type ApiKeysDialog = { kind: "new" } | { kind: KeyCommand; apiKey: ApiKey } | null;

export function ApiKeysPage() {
  return useIsAdmin() ? <ApiKeys /> : <AdminsOnlyPage title="API keys" />;
}

function ApiKeys() {
  const flows = useFlows().data ?? [];
  const [dialog, setDialog] = useState<ApiKeysDialog>(null);
  const createKey = () => setDialog({ kind: "new" });
  const close = () => setDialog(null);
  return (
    <ResourcePage
      title="API keys"
      plural="API keys"
      query={useApiKeys()}
      actions={
        <Button kind="solid" size="l" icon="add" onClick={createKey}>
          New API key
        </Button>
      }
      empty={<ApiKeysEmpty onNew={createKey} />}
      dialog={
        <>
          {dialog?.kind === "new" ? <NewApiKeyDialog flows={flows} onClose={close} /> : null}
          {dialog && dialog.kind !== "new" ? (
            <CommandDialog {...dialog} flows={flows} onClose={close} />
          ) : null}
        </>
      }
    >
      {(apiKeys) => (
        <ApiKeyTable
          apiKeys={apiKeys}
          flows={flows}
          onCommand={(kind, apiKey) => setDialog({ kind, apiKey })}
        />
      )}
    </ResourcePage>
  );
}

interface CommandDialogProps {
  kind: KeyCommand;
  apiKey: ApiKey;
  flows: FlowRow[];
  onClose: () => void;
}

function CommandDialog({ kind, apiKey, flows, onClose }: CommandDialogProps) {
  switch (kind) {
    case "rotate":
      return <RotateDialog {...{ apiKey, flows, onClose }} />;
    case "limit":
      return <LimitsDialog {...{ apiKey, onClose }} />;
    case "revoke-old":
      return <RevokeOldSecretDialog {...{ apiKey, onClose }} />;
    case "revoke":
      return <RevokeDialog {...{ apiKey, onClose }} />;
  }
}
