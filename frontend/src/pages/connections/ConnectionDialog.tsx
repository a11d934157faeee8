import { type SubmitEvent, useId, useState } from "react";
import { getFieldError, getFormError } from "../../api/refusals";
import type { Connection, ConnectionKind } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import { Tag } from "../../ui/feedback/Tag";
import styles from "./ConnectionDialog.module.css";
import { DeleteConnectionDialog } from "./DeleteConnectionDialog";
import { clearsStoredKey } from "./connection-draft";
import { SecretField } from "./SecretField";
import { SettingField } from "./SettingField";
import { TestPanel } from "./TestPanel";
import { useConnectionForm } from "./useConnectionForm";

interface ConnectionDialogProps {
  kind: ConnectionKind;
  /** Absent while it is new. */
  connection?: Connection;
  /** Saved for the first time, with the dialog to stay open. */
  onSaved: (connection: Connection) => void;
  onClose: () => void;
}

/** One connection: what it is called, where it leads, its key, and whether it works. */
export function ConnectionDialog(props: ConnectionDialogProps) {
  const { kind, connection, onSaved, onClose } = props;
  const id = useId();
  const form = useConnectionForm(kind, connection);
  const [deleting, setDeleting] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void form.save().then((saved) => saved && onClose());
  };
  const saveAndTest = async () => {
    const saved = await form.save();
    if (!saved) return;
    if (!connection) onSaved(saved);
    await form.test(saved.id);
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      holdsWork={form.dirty}
      title={connection?.name ?? "New connection"}
      tag={<Tag>{kind.title}</Tag>}
      footer={
        <DialogFooter
          start={
            connection ? (
              <Button size="l" kind="danger" onClick={() => setDeleting(true)}>
                Delete
              </Button>
            ) : null
          }
        >
          <Button size="l" onClick={onClose}>
            Cancel
          </Button>
          <Button size="l" kind="solid" type="submit" form={id} busy={form.saving || !form.complete}>
            {form.saving ? "Saving" : "Save"}
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <form id={id} onSubmit={submit} noValidate>
          <Fields kind={kind} connection={connection} form={form} />
        </form>
        <TestPanel
          connection={connection}
          unsaved={form.dirty || !connection}
          busy={form.saving ? "saving" : form.testing ? "testing" : null}
          ready={form.complete}
          failure={form.testError}
          onTest={() => void saveAndTest()}
        />
        {deleting && connection ? (
          <DeleteConnectionDialog
            connection={connection}
            onDeleted={onClose}
            onClose={() => setDeleting(false)}
          />
        ) : null}
      </DialogBody>
    </Dialog>
  );
}

interface FieldsProps {
  kind: ConnectionKind;
  connection?: Connection;
  form: ReturnType<typeof useConnectionForm>;
}

function Fields({ kind, connection, form }: FieldsProps) {
  const { draft, change, error, errors } = form;
  const names = [
    "name",
    ...kind.secrets.map((field) => `secrets.${field.name}`),
    ...kind.settings.map((field) => `settings.${field.name}`),
  ];
  const elsewhere = getFormError(error, names);
  return (
    <>
      <Field label="Name" required error={getFieldError(error, "name")}>
        {(control) => (
          <Input
            {...control}
            autoFocus={!connection}
            maxLength={100}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      {kind.secrets.map((field) => (
        <SecretField
          key={field.name}
          field={field}
          stored={connection?.secrets[field.name]}
          typed={draft.secrets[field.name]}
          error={getFieldError(error, `secrets.${field.name}`)}
          onChange={(typed) => form.changeSecret(field.name, typed)}
        />
      ))}
      <div className={styles.settings}>
        {kind.settings.map((field) => (
          <SettingField
            key={field.name}
            field={field}
            value={draft.settings[field.name] ?? null}
            error={errors[`settings.${field.name}`] ?? getFieldError(error, `settings.${field.name}`)}
            warning={field.name === "base_url" && clearsStoredKey(draft, connection)}
            onChange={(value) => change({ settings: { ...draft.settings, [field.name]: value } })}
          />
        ))}
      </div>
      {elsewhere ? <Notice kind="failed">{elsewhere}</Notice> : null}
    </>
  );
}
