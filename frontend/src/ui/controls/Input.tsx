import type { ComponentProps, ReactNode } from "react";
import { joinClasses } from "../classes";
import { Icon } from "../icons/Icon";
import styles from "./Input.module.css";

interface InputProps extends ComponentProps<"input"> {
  /** The text at the right end, such as a unit. */
  end?: ReactNode;
  code?: boolean;
}

/** A line of text, 32 px high. Numbers are typed as text too, so that the mouse wheel cannot change them. */
export function Input({ end, code, className, ...rest }: InputProps) {
  return (
    <span className={joinClasses(styles.box, className)}>
      <input
        autoComplete="off"
        spellCheck={false}
        {...rest}
        className={joinClasses(styles.input, code && styles.code)}
      />
      {end ? <span className={styles.end}>{end}</span> : null}
    </span>
  );
}

/** A text of several lines. */
export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <span className={joinClasses(styles.box, styles.lines, className)}>
      <textarea {...rest} className={styles.input} />
    </span>
  );
}

interface SelectProps<Value> extends Omit<ComponentProps<"select">, "value" | "onChange"> {
  choices: readonly { value: Value; title: string }[];
  value: Value;
  onChange: (value: Value) => void;
  /** Shown while the value is none of the choices. */
  placeholder?: string;
}

/** Chooses one of several values in the list of the operating system, which works on every device. */
export function Select<Value>(props: SelectProps<Value>) {
  const { choices, value, onChange, placeholder = "", className, ...rest } = props;
  const index = choices.findIndex((choice) => choice.value === value);
  const choose = (position: number) => {
    const choice = choices[position];
    if (choice) onChange(choice.value);
  };
  return (
    <span className={joinClasses(styles.box, className)}>
      <select
        {...rest}
        className={joinClasses(styles.input, styles.select)}
        value={index}
        onChange={(event) => choose(Number(event.target.value))}
      >
        {index < 0 ? <option value={-1}>{placeholder}</option> : null}
        {choices.map((choice, position) => (
          <option key={choice.title} value={position}>
            {choice.title}
          </option>
        ))}
      </select>
      <Icon name="down" size={14} className={styles.arrow} />
    </span>
  );
}
