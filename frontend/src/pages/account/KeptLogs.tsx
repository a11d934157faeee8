import { type SubmitEvent, useState } from "react";
import { getFieldError, getFormError } from "../../api/refusals";
import { useChangeRetention, useRetention } from "../../api/storage";
import type { Retention } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { scrollToFault } from "../../ui/controls/scroll-to-fault";
import { Notice } from "../../ui/feedback/Notice";
import { PageError } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { showDoneToast } from "../../ui/feedback/toasts";
import { formatNumber } from "../../ui/format";
import text from "../../ui/text.module.css";
import styles from "./KeptLogs.module.css";

const fields = [
  { name: "days", label: "Age", unit: "days", bound: "server_days", unbounded: "For ever" },
  { name: "runs", label: "Number", unit: "runs", bound: "server_runs", unbounded: "All" },
] as const;

type Draft = Record<"days" | "runs", string>;

/** How long the workspace keeps the logs of finished runs, and of how many. */
export function KeptLogs() {
  const { data, error, refetch } = useRetention();
  return (
    <section className={styles.section} aria-labelledby="kept-logs">
      <h3 id="kept-logs" className={styles.title}>
        Logs of finished runs
      </h3>
      <p className={text.muted}>
        When a log is deleted, what the run gave stays: its answer, result, error, usage and times.
      </p>
      {data ? <KeptLogsForm stored={data} /> : null}
      {!data && error ? (
        <PageError title="The kept logs cannot be shown" error={error} onAct={() => void refetch()} />
      ) : null}
      {!data && !error ? <SkeletonRows rows={1} label="Loading the kept logs" /> : null}
    </section>
  );
}

function KeptLogsForm({ stored }: { stored: Retention }) {
  const change = useChangeRetention();
  const [draft, setDraft] = useState<Draft>(() => createDraft(stored));
  const fault = fields.map(({ name }) => findFault(draft[name])).find(Boolean) ?? null;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (fault) {
      scrollToFault(form);
      return;
    }
    const rule = { days: readCount(draft.days), runs: readCount(draft.runs) };
    change.mutate(rule, {
      onSuccess: (kept) => {
        setDraft(createDraft(kept));
        showDoneToast("Kept logs changed", { text: "Logs beyond that go within minutes." });
      },
      onError: () => scrollToFault(form),
    });
  };
  const formError = getFormError(change.error, ["days", "runs"]);
  return (
    <form className={styles.form} onSubmit={submit}>
      {fields.map(({ name, label, unit, bound, unbounded }) => (
        <Field
          key={name}
          label={label}
          help={
            stored[bound] ? `The server keeps ${formatNumber(stored[bound])} ${unit} at most.` : undefined
          }
          error={getFieldError(change.error, name)}
          fault={findFault(draft[name])}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              placeholder={stored[bound] ? formatNumber(stored[bound]) : unbounded}
              end={unit}
              value={draft[name]}
              onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      {formError ? <Notice kind="failed">{formError}</Notice> : null}
      <div className={styles.save}>
        <Button type="submit" size="l" busy={change.isPending} reason={fault}>
          {change.isPending ? "Saving" : "Save kept logs"}
        </Button>
      </div>
    </form>
  );
}

function createDraft({ days, runs }: Retention): Draft {
  return { days: days === null ? "" : String(days), runs: runs === null ? "" : String(runs) };
}

/** Why a typed number cannot be sent; null when it can. */
function findFault(typed: string): string | null {
  return typed.trim() && !readCount(typed) ? "A whole number from 1, or empty." : null;
}

/** The number that a text is; null for an empty one, and for one that is none. Commas and blanks may part its digits. */
function readCount(typed: string): number | null {
  const digits = typed.replace(/[\s,]/g, "");
  return /^\d{1,9}$/.test(digits) ? Number(digits) || null : null;
}
