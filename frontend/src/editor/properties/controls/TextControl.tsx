import type { KeyboardEvent } from "react";
import { joinClasses } from "../../../ui/classes";
import { formatLiteral } from "../form/property-draft";
import type { ControlProps } from "../form/control-props";
import { hasSegments } from "../../../graph/bindings";
import styles from "./box.module.css";

interface TextControlProps extends ControlProps {
  /** Several lines. */
  tall: boolean;
  /** In a dialog of its own. */
  large?: boolean;
}

/** A literal text. `=` in an empty one asks for a variable, `{{` or a token for a template. */
export function TextControl({ property, field, naming, readOnly, shortcuts, tall, large }: TextControlProps) {
  const type = (text: string, caret: number) => {
    const asked = hasSegments(text, property.tokens ?? []) && shortcuts.toTemplate(text, caret);
    if (!asked) field.setLiteral(text);
  };
  const text = formatLiteral(field.draft.literal);
  const common = {
    id: naming.id,
    "aria-labelledby": naming.labelledBy,
    "aria-describedby": naming.describedBy,
    "aria-invalid": naming.isInvalid || undefined,
    "aria-required": property.required || undefined,
    readOnly,
    placeholder: getPlaceholder(property),
    value: text,
    onKeyDown: (event: KeyboardEvent) => openVariableOnEquals(event, text, shortcuts.toVariable),
  };
  return (
    <span className={joinClasses(styles.box, naming.isInvalid && styles.bad, readOnly && styles.locked)}>
      {tall ? (
        <textarea
          {...common}
          autoFocus={large}
          rows={2}
          className={joinClasses(styles.input, styles.area, large && styles.large)}
          onChange={({ target }) => type(target.value, target.selectionStart)}
        />
      ) : (
        <input
          {...common}
          className={styles.input}
          autoComplete="off"
          onChange={({ target }) => type(target.value, target.selectionStart ?? target.value.length)}
        />
      )}
    </span>
  );
}

/** `=` typed into an empty field. */
export function openVariableOnEquals(event: KeyboardEvent, text: string, toVariable: () => boolean): void {
  if (event.key === "=" && text === "" && toVariable()) event.preventDefault();
}

/** What an empty field says: its example, else its default, else what it may hold, else what it is for. */
export function getPlaceholder(property: ControlProps["property"]): string {
  const { placeholder, default: preset, tokens, required, description } = property;
  if (placeholder) return placeholder;
  if (typeof preset === "string" || typeof preset === "number") return String(preset);
  if (tokens?.length) return `A text with ${tokens.join(" and ")}`;
  return required ? description.replace(/\.$/, "") : "";
}
