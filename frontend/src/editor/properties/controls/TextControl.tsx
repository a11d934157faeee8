import type { KeyboardEvent, ReactNode } from "react";
import { joinClasses } from "../../../ui/classes";
import { formatLiteral } from "../form/property-draft";
import type { ControlProps } from "../form/control-props";
import { hasSegments } from "../../../graph/bindings";
import { isAccept } from "../picker/accept-key";
import styles from "./box.module.css";

/** A literal text of several lines. */
export function TextControl(props: ControlProps) {
  const { common, type } = useTextInput(props);
  const { large } = props;
  return (
    <TextBox {...props}>
      <textarea
        {...common}
        autoFocus={large}
        rows={2}
        className={joinClasses(styles.input, styles.area, large && styles.large)}
        onChange={({ target }) => type(target.value, target.selectionStart)}
      />
    </TextBox>
  );
}

/** A literal text of one line. */
export function LineControl(props: ControlProps) {
  const { common, type } = useTextInput(props);
  return (
    <TextBox {...props}>
      <input
        {...common}
        className={styles.input}
        autoComplete="off"
        onChange={({ target }) => type(target.value, target.selectionStart ?? target.value.length)}
      />
    </TextBox>
  );
}

function TextBox({ naming, readOnly, children }: ControlProps & { children: ReactNode }) {
  return (
    <span className={joinClasses(styles.box, naming.isInvalid && styles.bad, readOnly && styles.locked)}>
      {children}
    </span>
  );
}

/** `=` in an empty text asks for a variable, Tab takes the grey one; `{{` or a token asks for a template. */
function useTextInput({ property, field, naming, readOnly, shortcuts, suggested }: ControlProps) {
  const text = formatLiteral(field.draft.literal);
  const type = (typed: string, caret: number) => {
    const isTemplate = hasSegments(typed, property.tokens ?? []) && shortcuts.toTemplate(typed, caret);
    if (!isTemplate) field.setLiteral(typed);
  };
  const common = {
    id: naming.id,
    "aria-labelledby": naming.labelledBy,
    "aria-describedby": naming.describedBy,
    "aria-invalid": naming.isInvalid || undefined,
    "aria-required": property.required || undefined,
    readOnly,
    placeholder: suggested ?? getPlaceholder(property),
    value: text,
    onKeyDown: (event: KeyboardEvent) => {
      openVariableOnEquals(event, text, shortcuts.toVariable);
      if (isAccept(event, text) && shortcuts.toSuggested()) event.preventDefault();
    },
  };
  return { common, type };
}

/** Changes to the variable mode when `=` is typed into an empty field. */
export function openVariableOnEquals(event: KeyboardEvent, text: string, toVariable: () => boolean): void {
  if (event.key === "=" && text === "" && toVariable()) event.preventDefault();
}

/** The placeholder of an empty field: its example; or its default, its tokens, or what a required value is for. */
export function getPlaceholder(property: ControlProps["property"]): string {
  const { placeholder, default: preset, tokens, required, description } = property;
  if (placeholder) return placeholder;
  if (typeof preset === "string" || typeof preset === "number") return String(preset);
  if (tokens?.length) return `A text with ${tokens.join(" and ")}`;
  return required ? description.replace(/\.$/, "") : "";
}
