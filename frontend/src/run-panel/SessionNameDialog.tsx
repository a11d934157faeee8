import { useState } from "react";
import { getFieldError } from "../api/refusals";
import { useNameSession } from "../api/sessions";
import type { Session } from "../api/types";
import { ResourceDialog } from "../pages/resource/ResourceDialog";
import { Field } from "../ui/controls/Field";
import { Input } from "../ui/controls/Input";

interface SessionNameDialogProps {
  flow: string;
  session: Session;
  onClose: () => void;
}

const MAX_NAME_CHARACTERS = 120;

/** Asks for the name of a session. An empty name takes the name away. */
export function SessionNameDialog({ flow, session, onClose }: SessionNameDialogProps) {
  const save = useNameSession(flow);
  const [name, setName] = useState(session.name);
  return (
    <ResourceDialog
      title={session.name ? "Rename session" : "Name session"}
      submitLabel={save.isPending ? "Saving" : "Save"}
      busy={save.isPending}
      missing={null}
      holdsWork={name !== session.name}
      error={save.error}
      fieldNames={["name"]}
      onSubmit={() =>
        save.mutate({ session_id: session.session_id, name: name.trim() }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <Field
        label="Name"
        help={`You alone see it. Without a name the session is called by its first question: ${session.question || "none"}.`}
        error={getFieldError(save.error, "name")}
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
    </ResourceDialog>
  );
}
