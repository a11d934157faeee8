import { type SubmitEvent, useId, useState } from "react";
import { describeError } from "../api/refusals";
import { useNameSession } from "../api/sessions";
import type { Session } from "../api/types";
import { Button } from "../ui/controls/Button";
import { Field } from "../ui/controls/Field";
import { Input } from "../ui/controls/Input";
import { Dialog, DialogBody, DialogFooter } from "../ui/overlays/Dialog";

interface SessionNameDialogProps {
  flow: string;
  session: Session;
  onClose: () => void;
}

const MAX_NAME_CHARACTERS = 120;

/** Asks for the name of a session. An empty name takes the name away. */
export function SessionNameDialog({ flow, session, onClose }: SessionNameDialogProps) {
  const form = useId();
  const save = useNameSession(flow);
  const [name, setName] = useState(session.name);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (save.isPending) return;
    save.mutate({ session_id: session.session_id, name: name.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={session.name ? "Rename session" : "Name session"}
      footer={
        <DialogFooter>
          <Button size="l" onClick={onClose}>
            Cancel
          </Button>
          <Button size="l" kind="solid" type="submit" form={form} busy={save.isPending}>
            Save
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <form id={form} onSubmit={submit} noValidate>
          <Field
            label="Name"
            help={`You alone see it. Without a name the session is called by its first question: ${session.question || "none"}.`}
            error={save.error && describeError(save.error)}
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
        </form>
      </DialogBody>
    </Dialog>
  );
}
