import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { queryKeys } from "../../../api/query-keys";
import { isServerReachable, serverStateStore } from "../../../api/server-state";
import { buildFormRequest, type FormName } from "../../../api/snippets/protocols";
import type { Trial } from "../../../api/trial/trial";
import { useTrial } from "../../../api/trial/useTrial";
import type { RunInput } from "../../../api/types";
import { readJson, writeJson } from "../../../graph/typed-json";
import { getPrompt } from "../../../run/format";
import { Button } from "../../../ui/controls/Button";
import { Field } from "../../../ui/controls/Field";
import { Input, TextArea } from "../../../ui/controls/Input";
import panel from "../form/PropertyPanel.module.css";
import { TrialView } from "./TrialView";
import styles from "./TryCall.module.css";

interface TryCallProps {
  /** The flow's id. */
  flow: string;
  /** The flow's address name. */
  address: string;
  form: FormName;
  /** What is sent unless the person changes it. */
  input: RunInput;
  chats: boolean;
  /** The key that was made in the panel; null when none was. */
  made: string | null;
}

/** Sends the call from here, as a client would, and shows what a client receives. */
export function TryCall({ flow, address, form, input, chats, made }: TryCallProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [pasted, setPasted] = useState("");
  const key = made ?? pasted.trim();
  const text = typed ?? (chats ? getPrompt(input) : writeJson(input));
  const read = readTyped(text, chats, input);
  return (
    <section className={styles.try} aria-label="Try it">
      <h4 className={panel.heading}>Try it</h4>
      <Field label={chats ? "Message" : "Body"} fault={read.fault}>
        {(control) => (
          <TextArea
            {...control}
            className={chats ? undefined : styles.json}
            rows={Math.min(6, Math.max(chats ? 3 : 1, text.split("\n").length))}
            spellCheck={chats}
            value={text}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      {made === null ? <KeyField value={pasted} onChange={setPasted} /> : null}
      <Exchange
        key={form}
        flow={flow}
        reason={read.fault ?? findKeyFault(key)}
        build={() => ({ form, request: buildFormRequest(form, address, read.input), key })}
        input={read.input}
      />
    </section>
  );
}

function KeyField({ value, onChange }: { value: string; onChange: (key: string) => void }) {
  return (
    <Field label="API key" help="Make a key above, or paste one. It stays in this panel, and is not stored.">
      {(control) => (
        <Input
          {...control}
          code
          type="password"
          autoComplete="new-password"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface ExchangeProps {
  flow: string;
  /** Why nothing can be sent now. */
  reason: string | null;
  build: () => Parameters<ReturnType<typeof useTrial>["start"]>[0];
  input: RunInput;
}

/** One call and its answer, in one form. The call is stopped when another form is chosen, and when the panel goes. */
function Exchange({ flow, reason, build, input }: ExchangeProps) {
  const { trial, start, stop } = useTrial();
  const [sent, setSent] = useState<RunInput>({});
  const isReachable = useStore(serverStateStore, isServerReachable);
  const isOpen = trial?.state === "open";
  const fault = reason ?? (isReachable ? null : "The server cannot be reached now.");
  useRefreshedRuns(flow, trial);
  const send = (): void => {
    setSent(input);
    start(build());
  };
  return (
    <>
      {isOpen ? (
        <Button icon="stopped" onClick={stop}>
          Stop
        </Button>
      ) : (
        <Button icon="send" reason={fault} onClick={send}>
          {trial === null ? "Send" : "Send again"}
        </Button>
      )}
      {trial === null ? (
        <p className={styles.none}>{fault ?? "The answer appears here as it is written."}</p>
      ) : (
        <TrialView trial={trial} input={sent} />
      )}
    </>
  );
}

/** Lists the run among those of the flow when it has begun, and as it has ended. */
function useRefreshedRuns(flow: string, trial: Trial | null): void {
  const client = useQueryClient();
  const [run, state] = [trial?.run, trial?.state];
  useEffect(() => {
    if (run) void client.invalidateQueries({ queryKey: queryKeys.runs(flow) });
  }, [run, state, flow, client]);
}

function findKeyFault(key: string): string | null {
  if (key === "") return "A call needs an API key: make one above, or paste one.";
  return /^[\x21-\x7e]+$/.test(key) ? null : "This is no API key: it has other characters than a key has.";
}

function readTyped(text: string, chats: boolean, input: RunInput): { input: RunInput; fault: string | null } {
  if (chats) return { input: { ...input, prompt: text }, fault: text.trim() ? null : "Write a message." };
  const read = readJson(text);
  if ("error" in read) return { input, fault: read.error };
  const value = read.value ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return { input: value, fault: null };
  return { input, fault: 'The body is an object, as in {"name": "value"}.' };
}
