import { type ReactNode, type SubmitEvent, useId } from "react";
import { getFieldError, getFormError } from "../../api/refusals";
import { MAX_DESCRIPTION_CHARACTERS, MAX_NAME_CHARACTERS } from "../../api/limits";
import { Button } from "../../ui/controls/Button";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";

interface ResourceDialogProps {
  title: string;
  /** A word beside the title, such as the kind of a connection. */
  tag?: ReactNode;
  /** The verb on the button that submits the form. */
  submitLabel: string;
  /** The form cannot be submitted: it is incomplete, or it is being sent. */
  busy: boolean;
  /** Why the server refused the form. */
  error: Error | null;
  /** The fields that show their own refusals; any other refusal stands at the end of the form. */
  fieldNames: readonly string[];
  /** The left end of the footer, for a button that deletes. */
  footerStart?: ReactNode;
  /** What was typed would be lost, so a click beside the dialog does not close it. */
  holdsWork?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** The fields of the form. */
  children: ReactNode;
  /** What stands under the form. */
  after?: ReactNode;
}

/** The dialog with the form of one resource. */
export function ResourceDialog(props: ResourceDialogProps) {
  const { title, tag, submitLabel, busy, error, fieldNames, onSubmit, onClose } = props;
  const id = useId();
  const formError = getFormError(error, fieldNames);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      holdsWork={props.holdsWork}
      title={title}
      tag={tag}
      footer={
        <DialogFooter start={props.footerStart}>
          <Button size="l" onClick={onClose}>
            Cancel
          </Button>
          <Button size="l" kind="solid" type="submit" form={id} busy={busy}>
            {submitLabel}
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <form id={id} onSubmit={submit} noValidate>
          {props.children}
          {formError ? <Notice kind="failed">{formError}</Notice> : null}
        </form>
        {props.after}
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
  /** A refusal of the page itself, before anything is sent. */
  ownError?: string | null;
}

/** The name of a resource. */
export function NameField({ value, help, error, ownError, autoFocus = true, onChange }: NameFieldProps) {
  return (
    <Field label="Name" required help={help} error={getFieldError(error, "name") ?? ownError}>
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
