import { useState } from "react";
import { buildCallCommand } from "../../api/call-command";
import { useCatalogue } from "../../api/catalogue";
import { giveDistinctTitles } from "../../api/distinct-titles";
import { useFlow } from "../../api/flows";
import type { FlowRow, NewApiKey, RunInput } from "../../api/types";
import { indexActions } from "../../graph/action-index";
import { getExampleInput, hasTrigger } from "../../graph/test-input";
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
          <code className={styles.key} role="group" aria-label="API key">
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
  const body = useCallBody(flow);
  return (
    <section className={styles.call} aria-label="A first call">
      {flows.length > 1 ? (
        <Field label="Call a flow with it">
          {(control) => (
            <Select {...control} choices={giveDistinctTitles(flows)} value={flow} onChange={setFlow} />
          )}
        </Field>
      ) : null}
      {body === "loading" ? <p role="status">Loading the flow</p> : null}
      {body === "none" ? <p>This flow has no trigger yet, so it cannot be called.</p> : null}
      {typeof body === "object" ? (
        <Command text={buildCallCommand({ flow, form: "events", body, key: secret })} />
      ) : null}
    </section>
  );
}

function Command({ text }: { text: string }) {
  return (
    <>
      <pre className={styles.command} tabIndex={0} role="group" aria-label="Command">
        {text}
      </pre>
      <CopyButton text={text} label="Copy the command" />
    </>
  );
}

/** What the flow is tried out with in the editor. */
function useCallBody(id: string): RunInput | "loading" | "none" {
  const flow = useFlow(id);
  const catalogue = useCatalogue();
  if (!flow.data || !catalogue.data) return flow.isError || catalogue.isError ? {} : "loading";
  const actions = indexActions(catalogue.data);
  const { nodes } = flow.data.graph;
  return hasTrigger(actions, nodes) ? getExampleInput(actions, nodes) : "none";
}
