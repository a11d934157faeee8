import { CodeField } from "../code/CodeField";
import { textOf } from "../form/draft";
import type { ControlProps } from "../form/field";
import { placeholderOf } from "./TextControl";

interface TemplateControlProps extends ControlProps {
  caret: number | null;
  large?: boolean;
}

/** A text with parts that are replaced in the run. */
export function TemplateControl({
  property,
  field,
  naming,
  scope,
  readOnly,
  caret,
  large = false,
}: TemplateControlProps) {
  return (
    <CodeField
      language="template"
      naming={naming}
      value={textOf(field.draft.template)}
      placeholder={placeholderOf(property)}
      scope={scope}
      tokens={property.tokens ?? []}
      required={property.required}
      readOnly={readOnly}
      large={large}
      caret={caret}
      onChange={field.setTemplate}
    />
  );
}
