import { useState } from "react";
import { useRotateApiKey } from "../../api/api-keys";
import { getFieldError } from "../../api/refusals";
import type { ApiKey, FlowRow } from "../../api/types";
import { Field } from "../../ui/controls/Field";
import { Select } from "../../ui/controls/Input";
import { ResourceDialog } from "../resource/ResourceDialog";
import page from "../resource/resource.module.css";
import { ApiKeySecretDialog } from "./ApiKeySecretDialog";

const HOUR_MS = 3_600_000;
const USUAL_HOURS = 24;
const overlaps = [
  { value: 0, title: "Not at all: it stops now" },
  { value: 1, title: "For an hour" },
  { value: USUAL_HOURS, title: "For a day" },
  { value: 7 * USUAL_HOURS, title: "For a week" },
  { value: 30 * USUAL_HOURS, title: "For 30 days" },
];

interface RotateDialogProps {
  apiKey: ApiKey;
  flows: FlowRow[];
  onClose: () => void;
}

/** Asks how long the old secret works on; then shows the new one, which no one can see again. */
export function RotateDialog({ apiKey, flows, onClose }: RotateDialogProps) {
  const rotate = useRotateApiKey(apiKey.id);
  const [hours, setHours] = useState(USUAL_HOURS);
  if (rotate.data) return <ApiKeySecretDialog apiKey={rotate.data} flows={flows} onClose={onClose} />;
  return (
    <ResourceDialog
      title={`Rotate ${apiKey.name}`}
      submitLabel={rotate.isPending ? "Rotating" : "Rotate key"}
      busy={rotate.isPending}
      missing={null}
      holdsWork={false}
      error={rotate.error}
      fieldNames={["old_works_until"]}
      onSubmit={() =>
        rotate.mutate({ old_works_until: new Date(Date.now() + hours * HOUR_MS).toISOString() })
      }
      onClose={onClose}
    >
      <p className={page.intro}>
        The key gets a new secret, which works at once. Give it to each program, then revoke the old one, or
        let it end by itself. Name, rights and limits stay.
      </p>
      <Field
        label="The old secret works on"
        help="Both are listed with their last use meanwhile."
        error={getFieldError(rotate.error, "old_works_until")}
      >
        {(control) => <Select {...control} choices={overlaps} value={hours} onChange={setHours} />}
      </Field>
    </ResourceDialog>
  );
}
