import { Switch as Primitive } from "radix-ui";
import styles from "./Switch.module.css";

interface SwitchProps {
  id?: string;
  label?: string;
  labelledBy?: string;
  checked: boolean;
  disabled?: boolean;
  describedBy?: string;
  onChange: (checked: boolean) => void;
}

/** On or off, without saving. Give `id` when a `<label>` names it, otherwise `label`. */
export function Switch({ id, label, labelledBy, checked, disabled, describedBy, onChange }: SwitchProps) {
  return (
    <Primitive.Root
      id={id}
      className={styles.switch}
      checked={checked}
      disabled={disabled}
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onCheckedChange={onChange}
    >
      <Primitive.Thumb className={styles.thumb} />
    </Primitive.Root>
  );
}
