import { useState } from "react";
import type { FlowRow, NewApiKey } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { CopyButton } from "../../ui/controls/CopyButton";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import { Field } from "../../ui/controls/Field";
import { Select } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import styles from "./ApiKeySecretDialog.module.css";

interface ApiKeySecretDialogProps {
  apiKey: NewApiKey;
  flows: FlowRow[];
  onClose: () => void;
}

/** Shows the key, and a call that is ready to paste. No one can see the key again. */
export function ApiKeySecretDialog({ apiKey, flows, onClose }: ApiKeySecretDialogProps) {
  const callable = flows.filter(({ id }) => apiKey.flows === null || apiKey.flows.includes(id));
  const [isAsking, setIsAsking] = useState(false);
  const calls = apiKey.policies.includes("execute") && callable.length > 0;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      onEscape={() => setIsAsking(true)}
      title={apiKey.name}
      footer={
        <DialogFooter>
          <Button size="l" kind="solid" onClick={onClose}>
            Done
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <div className={styles.row}>
          <code className={styles.key} aria-label="API key">
            {apiKey.key}
          </code>
          <CopyButton size="l" text={apiKey.key} label="Copy the key" autoFocus />
        </div>
        <Notice kind="warning">
          This is the only time that the key is shown. Keep it where the program can read it and nobody else.
        </Notice>
        {calls ? <FirstCall secret={apiKey.key} flows={callable} /> : null}
        <AlertDialog
          open={isAsking}
          onOpenChange={setIsAsking}
          title="Close without the key?"
          action="Close"
          onConfirm={onClose}
        >
          The key cannot be shown again. Copy it first, if the program does not have it yet.
        </AlertDialog>
      </DialogBody>
    </Dialog>
  );
}

function FirstCall({ secret, flows }: { secret: string; flows: FlowRow[] }) {
  const [flow, setFlow] = useState(flows[0]?.id ?? "");
  const command = buildFirstCall(secret, flow);
  return (
    <section className={styles.call} aria-label="A first call">
      {flows.length > 1 ? (
        <Field label="Call a flow with it">
          {(control) => (
            <Select
              {...control}
              choices={flows.map(({ id, name }) => ({ value: id, title: name }))}
              value={flow}
              onChange={setFlow}
            />
          )}
        </Field>
      ) : null}
      <pre className={styles.command} tabIndex={0} aria-label="Command">
        {command}
      </pre>
      <CopyButton text={command} label="Copy the command" />
    </section>
  );
}

function buildFirstCall(secret: string, flow: string): string {
  return [
    `curl -N ${location.origin}/api/v1/flows/${flow}/stream \\`,
    `  -H "Authorization: Bearer ${secret}" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '{"prompt": "Hello"}'`,
  ].join("\n");
}
