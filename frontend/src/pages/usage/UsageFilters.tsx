import { useApiKeys } from "../../api/api-keys";
import { giveDistinctTitles } from "../../api/distinct-titles";
import { useFlows } from "../../api/flows";
import type { CallerKind, WorkspaceUsage } from "../../api/types";
import { Field } from "../../ui/controls/Field";
import { Input, Select } from "../../ui/controls/Input";
import { useIsAdmin } from "../account/session";
import { findSpan, getLastDays, spans, type UsageFilter } from "./usage-filter";
import styles from "./UsagePage.module.css";

/** In the address: the runs that no key has started. Links of earlier versions have it. */
const NO_KEY = "none";

interface UsageFiltersProps {
  filter: UsageFilter;
  /** What the filter finds now; it names versions, and flows and keys that are gone. */
  usage: WorkspaceUsage | undefined;
  onChange: (filter: UsageFilter) => void;
}

interface Choice {
  value: string | null;
  title: string;
}

/** Which days, which flow, which version and, for admins, whose runs. */
export function UsageFilters({ filter, usage, onChange }: UsageFiltersProps) {
  const set = (change: Partial<UsageFilter>) => onChange({ ...filter, ...change });
  const isAdmin = useIsAdmin();
  return (
    <div className={styles.filters} role="search" aria-label="Filters of the usage">
      <DayFields filter={filter} set={set} />
      <Choose
        label="Flow"
        choices={useFlowChoices(filter, usage)}
        value={filter.flow}
        onChange={(flow) => set({ flow, version: null })}
      />
      {filter.flow ? (
        <Choose
          label="Version"
          choices={listVersionChoices(filter, usage)}
          value={filter.version}
          onChange={(version) => set({ version })}
        />
      ) : null}
      {isAdmin ? <CallerChoice filter={filter} usage={usage} set={set} /> : null}
    </div>
  );
}

interface PartProps {
  filter: UsageFilter;
  set: (change: Partial<UsageFilter>) => void;
}

function DayFields({ filter, set }: PartProps) {
  const span = findSpan(filter);
  const choices: { value: number | null; title: string }[] = [
    ...spans.map((count) => ({ value: count, title: `Last ${count} days` })),
    ...(span === null ? [{ value: null, title: "Chosen days" }] : []),
  ];
  return (
    <>
      <Field label="Days" className={styles.filter}>
        {(control) => (
          <Select
            {...control}
            choices={choices}
            value={span}
            onChange={(count) => count && set(getLastDays(count))}
          />
        )}
      </Field>
      <DayField label="From" value={filter.from} max={filter.to} onChange={(from) => set({ from })} />
      <DayField label="To" value={filter.to} min={filter.from} onChange={(to) => set({ to })} />
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
          required
          {...{ min, max, value }}
          onChange={({ target }) => target.value && target.validity.valid && onChange(target.value)}
        />
      )}
    </Field>
  );
}

interface ChooseProps {
  label: string;
  choices: Choice[];
  value: string | null;
  onChange: (value: string | null) => void;
}

function Choose({ label, choices, value, onChange }: ChooseProps) {
  return (
    <Field label={label} className={styles.filter}>
      {(control) => <Select {...control} {...{ choices, value, onChange }} />}
    </Field>
  );
}

/** The kinds of callers that are counted together, and all keys. */
const kinds: { value: CallerKind; title: string }[] = [
  { value: "member", title: "Members of the workspace" },
  { value: "visitor", title: "Visitors of chat pages" },
  { value: "schedule", title: "Schedules" },
  { value: "key", title: "API keys" },
];

function CallerChoice({ filter, usage, set }: PartProps & { usage: WorkspaceUsage | undefined }) {
  const keys = (useApiKeys().data ?? []).map(({ id, name }) => ({ value: id, title: `Key ${name}` }));
  const gone = usage?.keys?.find(({ key, exists }) => key === filter.key && !exists);
  const choices = [
    { value: null, title: "Everybody" },
    ...kinds,
    ...keys,
    ...(gone ? [{ value: gone.key, title: `Key ${gone.name || "that is gone"} (revoked)` }] : []),
    ...(filter.key === NO_KEY ? [{ value: NO_KEY, title: "All without an API key" }] : []),
  ];
  const choose = (value: string | null) => {
    const kind = kinds.find((each) => each.value === value)?.value ?? null;
    set({ key: kind ? null : value, caller: kind });
  };
  return <Choose label="Called by" choices={choices} value={filter.key ?? filter.caller} onChange={choose} />;
}

function useFlowChoices(filter: UsageFilter, usage: WorkspaceUsage | undefined): Choice[] {
  const flows = giveDistinctTitles(useFlows().data ?? []);
  const gone = usage?.flows.find(({ flow, exists }) => flow === filter.flow && !exists);
  return [
    { value: null, title: "All flows" },
    ...flows,
    ...(gone ? [{ value: gone.flow, title: `${gone.name || "A flow"} (deleted)` }] : []),
  ];
}

function listVersionChoices(filter: UsageFilter, usage: WorkspaceUsage | undefined): Choice[] {
  const numbers = new Set(usage?.versions.map(({ number }) => String(number)));
  if (filter.version) numbers.add(filter.version);
  const sorted = [...numbers].sort((one, other) => Number(other) - Number(one));
  return [
    { value: null, title: "All versions" },
    ...sorted.map((value) => ({ value, title: `Version ${value}` })),
  ];
}
