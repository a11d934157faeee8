import { Link } from "react-router";
import { useMembers } from "../../api/members";
import { Field } from "../../ui/controls/Field";
import { Input, Select } from "../../ui/controls/Input";
import type { AuditFilter } from "./audit-filter";
import styles from "./AuditLogPage.module.css";
import { deedChoices } from "./deeds";

interface AuditFiltersProps {
  filter: AuditFilter;
  onChange: (filter: AuditFilter) => void;
}

/** Who, what and when. A person who is no member any more, or a key, is chosen by its name in the list. */
export function AuditFilters({ filter, onChange }: AuditFiltersProps) {
  const set = (change: Partial<AuditFilter>) => onChange({ ...filter, ...change });
  const people = useActorChoices(filter);
  return (
    <>
      <div className={styles.filters} role="search" aria-label="Filters of the audit log">
        <Field label="Who" className={styles.filter}>
          {(control) => (
            <Select
              {...control}
              choices={people}
              value={filter.actor?.id ?? null}
              onChange={(id) => set({ actor: findActor(people, id) })}
            />
          )}
        </Field>
        <Field label="What" className={styles.filter}>
          {(control) => (
            <Select
              {...control}
              choices={deedChoices}
              value={filter.deed}
              onChange={(deed) => set({ deed })}
            />
          )}
        </Field>
        <DayField label="From" value={filter.from} max={filter.to} onChange={(from) => set({ from })} />
        <DayField label="To" value={filter.to} min={filter.from} onChange={(to) => set({ to })} />
      </div>
      <p className={styles.runs}>
        Runs are not in this log. Each of <Link to="/flows">the flows</Link> lists its own.
      </p>
    </>
  );
}

interface DayFieldProps {
  label: string;
  value: string;
  min?: string;
  max?: string;
  onChange: (day: string) => void;
}

function DayField({ label, value, min, max, onChange }: DayFieldProps) {
  return (
    <Field label={label} className={styles.filter}>
      {(control) => (
        <Input
          {...control}
          type="date"
          min={min}
          max={max}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface ActorChoice {
  value: string | null;
  title: string;
}

function useActorChoices({ actor }: AuditFilter): ActorChoice[] {
  const members = useMembers().data ?? [];
  const choices = members.map(({ id, name, username }) => ({ value: id, title: `${name} (${username})` }));
  const isListed = !actor || members.some(({ id }) => id === actor.id);
  return [
    { value: null, title: "Everybody" },
    ...choices,
    ...(isListed ? [] : [{ value: actor.id, title: actor.name }]),
  ];
}

function findActor(choices: readonly ActorChoice[], id: string | null): AuditFilter["actor"] {
  const choice = choices.find(({ value }) => value === id);
  return choice?.value ? { id: choice.value, name: choice.title } : null;
}
