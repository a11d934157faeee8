import { useRevokeApiKey, useRevokeOldSecret } from "../../api/api-keys";
import type { ApiKey } from "../../api/types";
import { ConfirmDialog } from "../resource/ConfirmDialog";

export function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.name}?`}
      action="Revoke key"
      busyLabel="Revoking"
      mutation={useRevokeApiKey()}
      id={apiKey.id}
      done={{ title: "API key revoked", text: `Calls with ${apiKey.name} are refused from now on.` }}
      onClose={onClose}
    >
      Every program that uses this key is refused from its next call on. A revoked key cannot be restored.
    </ConfirmDialog>
  );
}

export function RevokeOldSecretDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  return (
    <ConfirmDialog
      title={`Revoke the old secret of ${apiKey.name}?`}
      action="Revoke old secret"
      busyLabel="Revoking"
      mutation={useRevokeOldSecret()}
      id={apiKey.id}
      done={{ title: "Old secret revoked", text: `Calls with the new secret of ${apiKey.name} go on.` }}
      onClose={onClose}
    >
      Every program that still uses it is refused from its next call on, and its open streams end.
    </ConfirmDialog>
  );
}
