import { useId, useState } from "react";
import { getFieldError } from "../../api/refusals";
import { type PriceBody, type PricePart, useSetPrice } from "../../api/usage";
import { Checkbox } from "../../ui/controls/Checkbox";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { ResourceDialog } from "../resource/ResourceDialog";
import { getLastDays } from "./usage-filter";
import styles from "./UsagePage.module.css";

const parts: readonly { value: PricePart; title: string }[] = [
  { value: "input", title: "Input" },
  { value: "output", title: "Output" },
  { value: "cache_read", title: "Read from caches" },
  { value: "cache_write_5m", title: "Written to caches" },
  { value: "cache_write_1h", title: "Written for an hour" },
  { value: "web_search", title: "1,000 web searches" },
];

interface PriceDraft {
  model: string;
  isLong: boolean;
  since: string;
  prices: Partial<Record<PricePart, string>>;
}

interface PriceDialogProps {
  /** Models that are suggested. */
  models: readonly string[];
  onClose: () => void;
}

/** Sets what a model costs from a day on. A field that is left empty has no price. */
export function PriceDialog({ models, onClose }: PriceDialogProps) {
  const list = useId();
  const set = useSetPrice();
  const [draft, setDraft] = useState<PriceDraft>(createDraft);
  const [isTouched, setIsTouched] = useState(false);
  const change = (next: Partial<PriceDraft>) => {
    setIsTouched(true);
    setDraft((now) => ({ ...now, ...next }));
  };
  return (
    <ResourceDialog
      title="Set a price"
      submitLabel={set.isPending ? "Setting" : "Set price"}
      busy={set.isPending}
      missing={findMissing(draft)}
      holdsWork={isTouched}
      error={set.error}
      fieldNames={["model", "since", ...parts.map(({ value }) => value)]}
      onSubmit={() => set.mutate(toPriceBody(draft), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Field label="Model" required error={getFieldError(set.error, "model")}>
        {(control) => (
          <Input
            {...control}
            autoFocus
            code
            list={list}
            value={draft.model}
            onChange={(event) => change({ model: event.target.value })}
          />
        )}
      </Field>
      <datalist id={list}>
        {models.map((model) => (
          <option key={model} value={model} />
        ))}
      </datalist>
      <div className={styles.choice}>
        <Checkbox checked={draft.isLong} onChange={(isLong) => change({ isLong })}>
          Only for prompts over 100,000 tokens
        </Checkbox>
      </div>
      <Field
        label="From"
        help="The first day, in UTC. The cost of this day and of later ones changes at once."
        error={getFieldError(set.error, "since")}
      >
        {(control) => (
          <Input
            {...control}
            type="date"
            value={draft.since}
            onChange={(event) => change({ since: event.target.value })}
          />
        )}
      </Field>
      <p className={styles.intro}>US dollars for a million tokens. What is left empty has no price.</p>
      <div className={styles.prices}>
        {parts.map(({ value, title }) => (
          <Field key={value} label={title} error={getFieldError(set.error, value)}>
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                end="$"
                placeholder="No price"
                value={draft.prices[value] ?? ""}
                onChange={(event) => change({ prices: { ...draft.prices, [value]: event.target.value } })}
              />
            )}
          </Field>
        ))}
      </div>
    </ResourceDialog>
  );
}

function createDraft(): PriceDraft {
  return { model: "", isLong: false, since: getLastDays(1).to, prices: {} };
}

function findMissing({ model, since, prices }: PriceDraft): string | null {
  if (!model.trim()) return "Name the model.";
  if (!since) return "Choose the first day.";
  const given = Object.values(prices).filter((text) => text.trim());
  if (given.length === 0) return "Give at least one price.";
  const wrong = given.find((text) => !/^\d+(\.\d+)?$/.test(text.trim()));
  return wrong === undefined ? null : `${wrong} is not a price. Write it like 2.50.`;
}

function toPriceBody({ model, isLong, since, prices }: PriceDraft): PriceBody {
  const given = Object.entries(prices).filter(([, text]) => text.trim());
  return {
    model: model.trim(),
    prompts: isLong ? "long" : "any",
    since,
    ...Object.fromEntries(given.map(([part, text]) => [part, Number(text)])),
  };
}
