import { useConnections } from "../../api/connections";
import { getFieldError } from "../../api/refusals";
import type { Connection } from "../../api/types";
import { Field } from "../../ui/controls/Field";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import { Select } from "../../ui/controls/Input";
import { environments } from "../resource/environments";
import styles from "./ConnectionDialog.module.css";

interface StandInFieldsProps {
  /** The kind that a stand-in has. */
  kind: string;
  /** Absent while the connection is new. */
  connection?: Connection;
  /** By environment: the id of the connection that stands in, or null. */
  chosen: Record<string, string | null>;
  error: Error | null;
  onChange: (chosen: Record<string, string | null>) => void;
}

/** Which connection of the same kind runs use in its place, by environment; nothing while there is no other one. */
export function StandInFields({ kind, connection, chosen, error, onChange }: StandInFieldsProps) {
  const others = (useConnections().data ?? []).filter(
    (other) => other.kind === kind && other.id !== connection?.id,
  );
  if (others.length === 0) return null;
  const choices = [
    { value: null as string | null, title: "This connection" },
    ...others.map(({ id, name }) => ({ value: id, title: name })),
  ];
  return (
    <FieldGroup
      legend="Stand-ins"
      help="Where a flow names this connection, the runs of an environment use its stand-in."
    >
      <div className={styles.standIns}>
        {environments.map(({ value, title }) => (
          <Field
            key={value}
            label={`In ${title.toLowerCase()} use`}
            error={getFieldError(error, `stand_ins.${value}`)}
          >
            {(control) => (
              <Select
                {...control}
                choices={choices}
                value={chosen[value] ?? null}
                placeholder="A deleted connection"
                onChange={(id) => onChange({ ...chosen, [value]: id })}
              />
            )}
          </Field>
        ))}
      </div>
    </FieldGroup>
  );
}
