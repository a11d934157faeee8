import { useRevokeApiKey } from "../../api/api-keys";
import { describeError } from "../../api/refusals";
import type { ApiKey } from "../../api/types";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import { showDoneToast } from "../../ui/feedback/toasts";

export function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useRevokeApiKey();
  const confirm = () =>
    revoke.mutate(apiKey.id, {
      onSuccess: () => {
        onClose();
        showDoneToast("API key revoked", { text: `Calls with ${apiKey.name} are refused from now on.` });
      },
    });
  return (
    <AlertDialog
      open
      onOpenChange={onClose}
      title={`Revoke ${apiKey.name}?`}
      action="Revoke key"
      busy={revoke.isPending && "Revoking"}
      refusal={revoke.error && describeError(revoke.error)}
      onConfirm={confirm}
    >
      Every program that uses this key is refused from its next call on. A revoked key cannot be given back.
    </AlertDialog>
  );
}
