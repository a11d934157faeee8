import type { ComponentProps, ReactNode } from "react";
import { classes } from "./classes";
import { Icon } from "./Icon";
import styles from "./Input.module.css";
import type { Choice } from "../api/types";

interface InputProps extends ComponentProps<"input"> {
  /** Words at the right end, such as a unit. */
  end?: ReactNode;
  code?: boolean;
}

/** A line of text, 32 px high. Numbers are typed as text too: a wheel must not change them. */
export function Input({ end, code, className, ...rest }: InputProps) {
  return (
    <span className={classes(styles.box, className)}>
      <input
        autoComplete="off"
        spellCheck={false}
        {...rest}
        className={classes(styles.input, code && styles.code)}
      />
      {end ? <span className={styles.end}>{end}</span> : null}
    </span>
  );
}

/** A text of several lines. */
export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <span className={classes(styles.box, styles.tall, className)}>
      <textarea rows={2} {...rest} className={classes(styles.input, styles.area)} />
    </span>
  );
}

interface SelectProps extends Omit<ComponentProps<"select">, "value" | "onChange"> {
  choices: readonly Choice[];
  /** One of the choices' values. */
  value: Choice["value"];
  onChange: (value: Choice["value"]) => void;
  /** Said when the value is none of the choices. */
  placeholder?: string;
}

/** One of several values, in the system's own list, so that it works on every device. */
export function Select({ choices, value, onChange, placeholder, className, ...rest }: SelectProps) {
  const chosen = choices.findIndex((choice) => JSON.stringify(choice.value) === JSON.stringify(value));
  return (
    <span className={classes(styles.box, className)}>
      <select
        {...rest}
        className={classes(styles.input, styles.select)}
        value={chosen}
        onChange={(event) => onChange(choices[Number(event.target.value)]?.value ?? null)}
      >
        {chosen < 0 ? <option value={-1}>{placeholder ?? ""}</option> : null}
        {choices.map((choice, index) => (
          <option key={choice.title} value={index}>
            {choice.title}
          </option>
        ))}
      </select>
      <Icon name="down" size={14} className={styles.arrow} />
    </span>
  );
}
