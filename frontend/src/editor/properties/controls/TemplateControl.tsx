import { CodeField } from "../code/CodeField";
import { formatLiteral } from "../form/property-draft";
import type { ControlProps } from "../form/control-props";
import { getPlaceholder } from "./TextControl";

/** A text with segments that a run replaces. */
export function TemplateControl({
  property,
  field,
  naming,
  scope,
  readOnly,
  caret,
  large = false,
}: ControlProps) {
  return (
    <CodeField
      language="template"
      naming={naming}
      value={formatLiteral(field.draft.template)}
      placeholder={getPlaceholder(property)}
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
