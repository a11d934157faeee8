import { getFieldError } from "../../../api/refusals";
import type { AskedPlaceholder } from "../../../api/types";
import { Field } from "../../../ui/controls/Field";
import { Input, Select } from "../../../ui/controls/Input";
import styles from "./import.module.css";

const MAX_SECRET_CHARACTERS = 4_000;

interface PlaceholderFieldsProps {
  placeholders: AskedPlaceholder[];
  /** What is chosen, by the id of the placeholder. */
  choices: Record<string, string>;
  error: Error | null;
  onChoose: (id: string, value: string) => void;
}

/** Asks for what the file leaves open. A question that is not answered leaves a property empty. */
export function PlaceholderFields({ placeholders, choices, error, onChoose }: PlaceholderFieldsProps) {
  if (placeholders.length === 0) return null;
  return (
    <fieldset className={styles.fields}>
      <legend className={styles.heading}>What the file leaves open</legend>
      {placeholders.map((asked) => (
        <Field
          key={asked.id}
          label={`${asked.title} for ${asked.name}`}
          optional
          help={describeUse(asked)}
          error={getFieldError(error, `choices.${asked.id}`)}
        >
          {(control) =>
            asked.choices ? (
              <Select
                {...control}
                choices={listChoices(asked.choices)}
                value={choices[asked.id] ?? ""}
                onChange={(value) => onChoose(asked.id, value)}
              />
            ) : (
              <Input
                {...control}
                type="password"
                autoComplete="new-password"
                maxLength={MAX_SECRET_CHARACTERS}
                value={choices[asked.id] ?? ""}
                onChange={(event) => onChoose(asked.id, event.target.value)}
              />
            )
          }
        </Field>
      ))}
    </fieldset>
  );
}

/** The choices of the workspace. Two of one name are told apart by a number, as the list needs it. */
function listChoices(choices: NonNullable<AskedPlaceholder["choices"]>) {
  const counts = new Map<string, number>();
  const named = choices.map(({ id, name }) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { value: id, title: count === 1 ? name : `${name} (${count})` };
  });
  return [{ value: "", title: choices.length ? "Choose later" : "None in this workspace yet" }, ...named];
}

function describeUse({ used_by: [first, ...more] }: AskedPlaceholder): string | null {
  if (!first) return null;
  return more.length ? `For ${first}, and ${more.length} more.` : `For ${first}.`;
}
