import { useState } from "react";
import { getFieldError } from "../../api/refusals";
import type { Connection, ConnectionKind } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Tag } from "../../ui/feedback/Tag";
import { environments } from "../resource/environments";
import { NameField, ResourceDialog } from "../resource/ResourceDialog";
import { clearsStoredKey } from "./connection-draft";
import styles from "./ConnectionDialog.module.css";
import { DeleteConnectionDialog } from "./DeleteConnectionDialog";
import { SecretField } from "./SecretField";
import { SettingField } from "./SettingField";
import { StandInFields } from "./StandInFields";
import { TestPanel } from "./TestPanel";
import { useConnectionForm } from "./useConnectionForm";

interface ConnectionDialogProps {
  kind: ConnectionKind;
  /** Absent while the connection is new. */
  connection?: Connection;
  /** Called when the connection was saved for the first time and the dialog stays open. */
  onSaved: (connection: Connection) => void;
  onClose: () => void;
}

/** The name, the settings and the key of one connection, and whether it works. */
export function ConnectionDialog(props: ConnectionDialogProps) {
  const { kind, connection, onSaved, onClose } = props;
  const form = useConnectionForm(kind, connection);
  const [isDeleting, setIsDeleting] = useState(false);
  const saveAndTest = async () => {
    const saved = await form.save();
    if (!saved) return;
    if (!connection) onSaved(saved);
    await form.test(saved.id);
  };
  return (
    <ResourceDialog
      title={connection?.name ?? "New connection"}
      tag={<Tag>{kind.title}</Tag>}
      holdsWork={form.dirty}
      submitLabel={form.saving ? "Saving" : "Save"}
      busy={form.saving}
      missing={form.missing}
      closeLabel={getCloseLabel(form)}
      error={form.error}
      fieldNames={listFieldNames(kind)}
      footerStart={
        connection ? <DeleteButton connection={connection} onClick={() => setIsDeleting(true)} /> : null
      }
      onSubmit={() => void form.save().then((saved) => saved && onClose())}
      onClose={onClose}
      after={
        <>
          <TestPanel
            connection={connection}
            unsaved={form.dirty || !connection}
            busy={form.saving ? "saving" : form.testing ? "testing" : null}
            missing={form.missing}
            failure={form.testError}
            onTest={() => void saveAndTest()}
          />
          {isDeleting && connection ? (
            <DeleteConnectionDialog
              connection={connection}
              onDeleted={onClose}
              onClose={() => setIsDeleting(false)}
            />
          ) : null}
        </>
      }
    >
      <Fields kind={kind} connection={connection} form={form} />
    </ResourceDialog>
  );
}

/** Names what closing does. What "Save and test" has saved stays saved, so nothing is left to cancel. */
function getCloseLabel({ wasSaved, dirty }: { wasSaved: boolean; dirty: boolean }): string {
  if (!wasSaved) return "Cancel";
  return dirty ? "Discard changes" : "Close";
}

/** Opens the dialog that deletes; grey while it can only say what uses the connection. */
function DeleteButton({ connection, onClick }: { connection: Connection; onClick: () => void }) {
  return (
    <Button size="l" kind={connection.used_by.length > 0 ? "quiet" : "danger"} onClick={onClick}>
      Delete
    </Button>
  );
}

function listFieldNames(kind: ConnectionKind): string[] {
  return [
    "name",
    ...kind.secrets.map((field) => `secrets.${field.name}`),
    ...kind.settings.map((field) => `settings.${field.name}`),
    ...environments.map(({ value }) => `stand_ins.${value}`),
  ];
}

interface FieldsProps {
  kind: ConnectionKind;
  connection?: Connection;
  form: ReturnType<typeof useConnectionForm>;
}

function Fields({ kind, connection, form }: FieldsProps) {
  const { draft, change, error, faults } = form;
  return (
    <>
      <NameField
        autoFocus={!connection}
        value={draft.name}
        error={error}
        onChange={(name) => change({ name })}
      />
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
            error={getFieldError(error, `settings.${field.name}`)}
            fault={faults[`settings.${field.name}`] ?? null}
            warning={field.name === "base_url" && clearsStoredKey(draft, connection)}
            onChange={(value) => change({ settings: { ...draft.settings, [field.name]: value } })}
          />
        ))}
      </div>
      <StandInFields
        kind={kind.kind}
        connection={connection}
        chosen={draft.standIns}
        error={error}
        onChange={(standIns) => change({ standIns })}
      />
    </>
  );
}
