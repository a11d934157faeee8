import { type ReactNode, type SubmitEvent, useEffect, useId, useRef, useState } from "react";
import { getFieldError, getFormError } from "../../api/refusals";
import { MAX_DESCRIPTION_CHARACTERS, MAX_NAME_CHARACTERS } from "../../api/limits";
import { Button } from "../../ui/controls/Button";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { scrollToFault } from "../../ui/controls/scroll-to-fault";
import { Notice } from "../../ui/feedback/Notice";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";

interface ResourceDialogProps {
  title: string;
  /** A word beside the title, such as the kind of a connection. */
  tag?: ReactNode;
  /** The verb on the button that submits the form. */
  submitLabel: string;
  /** The form is being sent. */
  busy: boolean;
  /** Why the form cannot be submitted yet, such as "Give the flow a name."; null when it can. */
  missing: string | null;
  /** Why the server refused the form. */
  error: Error | null;
  /** The fields that show their own refusals; any other refusal stands at the end of the form. */
  fieldNames: readonly string[];
  /** The left end of the footer, for a button that deletes. */
  footerStart?: ReactNode;
  /** What was typed would be lost, so Escape asks and a click beside the dialog does nothing. */
  holdsWork: boolean;
  /** The word on the button that closes the dialog without submitting it. */
  closeLabel?: string;
  onSubmit: () => void;
  onClose: () => void;
  /** The fields of the form. */
  children: ReactNode;
  /** What stands under the form. */
  after?: ReactNode;
}

/** The dialog with the form of one resource. */
export function ResourceDialog(props: ResourceDialogProps) {
  const { title, tag, busy, missing, error, fieldNames, onSubmit, onClose } = props;
  const id = useId();
  const [isAsking, setIsAsking] = useState(false);
  const reason = missing ? { id: `${id}-missing`, text: missing } : null;
  const formError = getFormError(error, fieldNames);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error && form.current) scrollToFault(form.current);
  }, [error]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      onEscape={props.holdsWork ? () => setIsAsking(true) : undefined}
      title={title}
      tag={tag}
      footer={
        <DialogFooter start={props.footerStart} reason={reason}>
          <Button size="l" onClick={onClose}>
            {props.closeLabel ?? "Cancel"}
          </Button>
          <Button
            size="l"
            kind="solid"
            type="submit"
            form={id}
            busy={busy || missing !== null}
            aria-describedby={reason?.id}
          >
            {props.submitLabel}
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <form ref={form} id={id} onSubmit={submit} noValidate>
          {props.children}
          {formError ? <Notice kind="failed">{formError}</Notice> : null}
        </form>
        {props.after}
        <AlertDialog
          open={isAsking}
          onOpenChange={setIsAsking}
          title="Discard what you typed?"
          action="Discard"
          onConfirm={onClose}
        >
          It is not saved.
        </AlertDialog>
      </DialogBody>
    </Dialog>
  );
}

interface TextFieldProps {
  value: string;
  help?: string | null;
  error: Error | null;
  onChange: (value: string) => void;
}

interface NameFieldProps extends TextFieldProps {
  autoFocus?: boolean;
}

/** The name of a resource. */
export function NameField({ value, help, error, autoFocus = true, onChange }: NameFieldProps) {
  return (
    <Field label="Name" required help={help} error={getFieldError(error, "name")}>
      {(control) => (
        <Input
          {...control}
          autoFocus={autoFocus}
          maxLength={MAX_NAME_CHARACTERS}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** The line that says what a resource is for. */
export function DescriptionField({ value, help, error, onChange }: TextFieldProps) {
  return (
    <Field label="Description" optional help={help} error={getFieldError(error, "description")}>
      {(control) => (
        <Input
          {...control}
          maxLength={MAX_DESCRIPTION_CHARACTERS}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
