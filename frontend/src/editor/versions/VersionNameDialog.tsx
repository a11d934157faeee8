import { useState } from "react";
import { getFieldError } from "../../api/refusals";
import type { VersionHead } from "../../api/types";
import { useRenameVersion } from "../../api/versions";
import { ResourceDialog } from "../../pages/resource/ResourceDialog";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";

interface VersionNameDialogProps {
  flow: string;
  version: VersionHead;
  onClose: () => void;
}

/** Names a version, which keeps it for good. */
export function VersionNameDialog({ flow, version, onClose }: VersionNameDialogProps) {
  const rename = useRenameVersion(flow);
  const [name, setName] = useState(version.name);
  const [note, setNote] = useState(version.note);
  return (
    <ResourceDialog
      title={`Version ${version.number}`}
      submitLabel={rename.isPending ? "Saving" : "Save"}
      busy={rename.isPending}
      missing={null}
      holdsWork={name !== version.name || note !== version.note}
      error={rename.error}
      fieldNames={["name", "note"]}
      onSubmit={() =>
        rename.mutate(
          { number: version.number, name: name.trim(), note: note.trim() },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Field
        label="Name"
        optional
        help="A version with a name is kept for good. Others are dropped after some time."
        error={getFieldError(rename.error, "name")}
      >
        {(control) => (
          <Input
            {...control}
            autoFocus
            maxLength={MAX_NAME_CHARACTERS}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="Note" optional error={getFieldError(rename.error, "note")}>
        {(control) => (
          <Input
            {...control}
            maxLength={MAX_NOTE_CHARACTERS}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
    </ResourceDialog>
  );
}

const MAX_NAME_CHARACTERS = 120;
const MAX_NOTE_CHARACTERS = 500;
