import { useEffect, useState } from "react";
import { ApiError } from "../../api/client";
import { useFlow } from "../../api/flows";
import { getFieldError } from "../../api/refusals";
import { type PublishEnvironment, useComparison, usePublish } from "../../api/versions";
import { getDraft } from "../../graph/store";
import { useGraph } from "../../graph/useGraph";
import { ResourceDialog } from "../../pages/resource/ResourceDialog";
import type { Autosave } from "../../saving/autosave";
import { Field } from "../../ui/controls/Field";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import { Input, Select } from "../../ui/controls/Input";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { showDoneToast } from "../../ui/feedback/toasts";
import { formatCount } from "../../ui/format";
import { changeLayout, useLayout } from "../layout";
import { ChangeList } from "./ChangeList";
import { environments, environmentTitles } from "./environments";
import styles from "./PublishDialog.module.css";

interface PublishDialogProps {
  flow: string;
  autosave: Autosave;
}

const MAX_NOTE_CHARACTERS = 500;
const choices = environments.map((value) => ({ value, title: environmentTitles[value] }));

/** Shows, while a version is to be published, what changes for callers and what is wrong, and asks for a note. */
export function PublishDialog({ flow, autosave }: PublishDialogProps) {
  const target = useLayout((layout) => layout.publishing);
  if (target === null) return null;
  return <OpenPublishDialog flow={flow} autosave={autosave} target={target} />;
}

function OpenPublishDialog({ flow, autosave, target }: PublishDialogProps & { target: number | "draft" }) {
  const [environment, setEnvironment] = useState<PublishEnvironment>("production");
  const [note, setNote] = useState("");
  const { number, missing } = useTarget(target, autosave);
  const pinned = useFlow(flow).data?.published[environment] ?? null;
  const publish = usePublish(flow);
  const close = (): void => changeLayout({ publishing: null });
  const send = (): void =>
    publish.mutate(
      { number, environment, note: note.trim() },
      {
        onSuccess: () => {
          close();
          showDoneToast(`${environmentTitles[environment]} runs version ${number}`);
        },
      },
    );
  return (
    <ResourceDialog
      title={`Publish version ${number}`}
      submitLabel={publish.isPending ? "Publishing" : "Publish"}
      busy={publish.isPending}
      missing={pinned === number ? `${environmentTitles[environment]} runs this version already.` : missing}
      holdsWork={note !== ""}
      error={publish.error}
      fieldNames={["environment", "note"]}
      onSubmit={send}
      onClose={close}
      after={<Problems error={publish.error} />}
    >
      <Field
        label="Environment"
        help="From now on, calls with a key for this environment run the version, and so does its schedule, if it has one."
        error={getFieldError(publish.error, "environment")}
      >
        {(control) => <Select {...control} choices={choices} value={environment} onChange={setEnvironment} />}
      </Field>
      <Field label="Note" optional help="What changed." error={getFieldError(publish.error, "note")}>
        {(control) => (
          <Input
            {...control}
            autoFocus
            maxLength={MAX_NOTE_CHARACTERS}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      <WhatChanges flow={flow} pinned={pinned} number={number} />
    </ResourceDialog>
  );
}

/** The version to publish, and why it cannot be published yet. The draft is saved first: that is its version. */
function useTarget(target: number | "draft", autosave: Autosave) {
  const draft = useGraph((state) => getDraft(state).revision);
  const analysis = useGraph((state) => getDraft(state).analysis);
  const isSaved = useGraph((state) => state.save.kind === "saved");
  useEffect(() => {
    if (target === "draft") void autosave.flush();
  }, [target, autosave]);
  if (target !== "draft") return { number: target, missing: null };
  const errors = analysis.problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (first)
    return {
      number: draft,
      missing: `${formatCount(errors.length, "problem")}: ${first.message}`,
    };
  return { number: draft, missing: isSaved ? null : "The draft is not saved yet." };
}

interface WhatChangesProps {
  flow: string;
  pinned: number | null;
  number: number;
}

function WhatChanges({ flow, pinned, number }: WhatChangesProps) {
  const { data, error } = useComparison(flow, pinned, number);
  const legend = pinned === null ? "What changes" : `What changes since version ${pinned}`;
  return (
    <FieldGroup legend={legend} error={error ? "The changes cannot be shown now." : null}>
      {pinned === null ? (
        <p className={styles.first}>
          Nothing is published there yet: until now calls are refused, and no schedule starts the flow.
        </p>
      ) : data ? (
        <div className={styles.changes} tabIndex={0} role="group" aria-label="Changes">
          <ChangeList changes={data} />
        </div>
      ) : error ? null : (
        <SkeletonRows rows={2} label="Loading changes" />
      )}
    </FieldGroup>
  );
}

/** The problems for which the server refused to publish. */
function Problems({ error }: { error: Error | null }) {
  const problems = error instanceof ApiError ? (error.refusal.problems ?? []) : [];
  if (problems.length === 0) return null;
  return (
    <ul className={styles.problems} aria-label="Problems">
      {problems.map(({ message, hint }, index) => (
        <li key={index}>
          {message} {hint}
        </li>
      ))}
    </ul>
  );
}
