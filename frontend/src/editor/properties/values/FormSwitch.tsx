import { ToggleGroup } from "radix-ui";
import type { ValueForm } from "./ValueView";
import styles from "./values.module.css";

const forms = [
  { value: "tree", title: "Tree" },
  { value: "text", title: "Text" },
] as const;

/** Whether values are shown as rows that unfold, or as text. */
export function FormSwitch({ value, onChange }: { value: ValueForm; onChange: (form: ValueForm) => void }) {
  return (
    <ToggleGroup.Root
      type="single"
      className={styles.forms}
      aria-label="Values as"
      value={value}
      onValueChange={(next) => {
        if (next) onChange(next as ValueForm);
      }}
    >
      {forms.map((form) => (
        <ToggleGroup.Item key={form.value} value={form.value} className={styles.form}>
          {form.title}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
