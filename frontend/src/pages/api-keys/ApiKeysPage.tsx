import { useState } from "react";
import { useApiKeys } from "../../api/api-keys";
import { useFlows } from "../../api/flows";
import type { ApiKey } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { useIsAdmin } from "../account/session";
import { AdminsOnlyPage } from "../resource/AdminsOnlyPage";
import { ResourcePage } from "../resource/ResourcePage";
import { ApiKeysEmpty } from "./ApiKeysEmpty";
import { ApiKeyTable } from "./ApiKeyTable";
import { NewApiKeyDialog } from "./NewApiKeyDialog";
import { RevokeDialog } from "./RevokeDialog";

/** Which dialog is open, and about which key. */
type ApiKeysDialog = { kind: "new" } | { kind: "revoke"; apiKey: ApiKey } | null;

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
          {dialog?.kind === "revoke" ? <RevokeDialog apiKey={dialog.apiKey} onClose={close} /> : null}
        </>
      }
    >
      {(apiKeys) => (
        <ApiKeyTable
          apiKeys={apiKeys}
          flows={flows}
          onRevoke={(apiKey) => setDialog({ kind: "revoke", apiKey })}
        />
      )}
    </ResourcePage>
  );
}
