import { useId } from "react";
import { useConnectionChoices, useModels } from "../../api/connections";
import { getFieldError } from "../../api/refusals";
import { MAX_MODEL_CHARACTERS } from "../../api/limits";
import type { NewCollection } from "../../api/collections";
import type { ConnectionChoice } from "../../api/types";
import { Field } from "../../ui/controls/Field";
import { Input, Select } from "../../ui/controls/Input";

/** The embedder, which turns texts into vectors; null for the built-in one. */
export interface EmbedderDraft {
  connection: ConnectionChoice | null;
  model: string;
}

export const BUILT_IN_EMBEDDER: EmbedderDraft = { connection: null, model: "" };

/** The kinds of connections that have embedders. */
const EMBEDDING_KINDS = ["openai", "voyage"];

export function isEmbedderComplete({ connection, model }: EmbedderDraft): boolean {
  return connection === null || model.trim() !== "";
}

export function toEmbedderBody({ connection, model }: EmbedderDraft): Pick<NewCollection, "embedder"> {
  if (connection === null) return {};
  return { embedder: { kind: connection.kind, connection: connection.id, model: model.trim() } };
}

interface EmbedderFieldsProps {
  draft: EmbedderDraft;
  error: Error | null;
  onChange: (draft: EmbedderDraft) => void;
}

export function EmbedderFields({ draft, error, onChange }: EmbedderFieldsProps) {
  const connections = useConnectionChoices();
  const fitting = (connections.data ?? []).filter(({ kind }) => EMBEDDING_KINDS.includes(kind));
  const choices = [
    { value: "", title: "Built-in (lexical)" },
    ...fitting.map(({ id, name }) => ({ value: id, title: name })),
  ];
  const choose = (id: string) =>
    onChange({ connection: fitting.find((one) => one.id === id) ?? null, model: "" });
  return (
    <>
      <Field
        label="Embedder"
        help={describeEmbedder(draft, fitting.length)}
        error={getFieldError(error, "embedder.connection") ?? getFieldError(error, "embedder.kind")}
      >
        {(control) => (
          <Select {...control} choices={choices} value={draft.connection?.id ?? ""} onChange={choose} />
        )}
      </Field>
      {draft.connection ? (
        <ModelField draft={draft} connection={draft.connection} error={error} onChange={onChange} />
      ) : null}
    </>
  );
}

function describeEmbedder({ connection }: EmbedderDraft, choices: number): string {
  if (connection) return "Each chunk is sent to this service. The embedder cannot be changed later.";
  const more = choices === 0 ? " For meaning, add a connection that embeds." : "";
  return `Works offline and compares words, not meaning. It cannot be changed later.${more}`;
}

interface ModelFieldProps extends EmbedderFieldsProps {
  connection: ConnectionChoice;
}

function ModelField({ draft, connection, error, onChange }: ModelFieldProps) {
  const list = useId();
  const models = useModels(connection.id);
  return (
    <Field label="Model" required error={getFieldError(error, "embedder.model")}>
      {(control) => (
        <>
          <Input
            {...control}
            code
            list={list}
            maxLength={MAX_MODEL_CHARACTERS}
            placeholder={connection.kind === "voyage" ? "voyage-3.5" : "text-embedding-3-small"}
            value={draft.model}
            onChange={(event) => onChange({ ...draft, model: event.target.value })}
          />
          <datalist id={list}>
            {(models.data ?? []).map(({ id }) => (
              <option key={id} value={id} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
