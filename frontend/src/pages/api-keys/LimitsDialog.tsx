import { useState } from "react";
import { useLimitApiKey } from "../../api/api-keys";
import type { ApiKey } from "../../api/types";
import { showDoneToast } from "../../ui/feedback/toasts";
import { ResourceDialog } from "../resource/ResourceDialog";
import page from "../resource/resource.module.css";
import { LimitFields } from "../resource/LimitFields";
import { createLimitsDraft, findLimitFault, limitFields, toLimits } from "../resource/limits";

/** Changes what a key may use at most. */
export function LimitsDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const limit = useLimitApiKey(apiKey.id);
  const [stored] = useState(() => createLimitsDraft(apiKey));
  const [draft, setDraft] = useState(stored);
  const finish = () => {
    onClose();
    showDoneToast("Limits changed", { text: `They hold for the next call with ${apiKey.name}.` });
  };
  return (
    <ResourceDialog
      title={`Limits of ${apiKey.name}`}
      submitLabel={limit.isPending ? "Saving" : "Save limits"}
      busy={limit.isPending}
      missing={findLimitFault(draft)}
      holdsWork={draft !== stored}
      error={limit.error}
      fieldNames={limitFields.map(({ name }) => name)}
      onSubmit={() => limit.mutate(toLimits(draft), { onSuccess: finish })}
      onClose={onClose}
    >
      <p className={page.intro}>
        A call over a limit is refused with status 429 and is told how long to wait. Tokens count when a run
        has ended, by the day in UTC; a run that has begun is never cut.
      </p>
      <LimitFields draft={draft} error={limit.error} onChange={setDraft} />
    </ResourceDialog>
  );
}
