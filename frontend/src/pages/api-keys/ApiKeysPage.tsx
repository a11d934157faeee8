import { useState } from "react";
import { useApiKeys } from "../../api/api-keys";
import { useFlows } from "../../api/flows";
import type { ApiKey } from "../../api/types";
import { AdminsOnlyPage } from "../resource/AdminsOnlyPage";
import { PageHead } from "../resource/Page";
import { useIsAdmin } from "../account/session";
import { Button } from "../../ui/controls/Button";
import { PageError } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { ApiKeysEmpty } from "./ApiKeysEmpty";
import { ApiKeyTable } from "./ApiKeyTable";
import { NewApiKeyDialog } from "./NewApiKeyDialog";
import { RevokeDialog } from "./RevokeDialog";

export function ApiKeysPage() {
  return useIsAdmin() ? <ApiKeys /> : <AdminsOnlyPage title="API keys" />;
}

function ApiKeys() {
  const apiKeys = useApiKeys();
  const flows = useFlows();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const make = () => setMaking(true);
  return (
    <main>
      <PageHead title="API keys" count={apiKeys.data?.length}>
        {apiKeys.data?.length ? (
          <Button kind="solid" size="l" icon="add" onClick={make}>
            New API key
          </Button>
        ) : null}
      </PageHead>
      {apiKeys.data?.length === 0 ? <ApiKeysEmpty onNew={make} /> : null}
      {apiKeys.data?.length ? (
        <ApiKeyTable apiKeys={apiKeys.data} flows={flows.data ?? []} onRevoke={setRevoking} />
      ) : null}
      {apiKeys.isPending ? <SkeletonRows label="The API keys are on their way" /> : null}
      {apiKeys.error && !apiKeys.data ? (
        <PageError
          title="The API keys cannot be shown"
          error={apiKeys.error}
          onAct={() => void apiKeys.refetch()}
        />
      ) : null}
      {making ? <NewApiKeyDialog flows={flows.data ?? []} onClose={() => setMaking(false)} /> : null}
      {revoking ? <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} /> : null}
    </main>
  );
}
