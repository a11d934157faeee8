import { fitExample } from "../../../graph/fit-example";
import { CodeField } from "../code/CodeField";
import type { ControlProps } from "../form/control-props";
import { getPlaceholder } from "./TextControl";

const NO_TOKENS: string[] = [];

/** An expression that is true or false, with completion of variables. */
export function ConditionControl({ property, field, naming, scope, readOnly, large = false }: ControlProps) {
  return (
    <CodeField
      language="expression"
      naming={naming}
      value={field.draft.variable ?? ""}
      placeholder={
        property.placeholder ? (fitExample(property.placeholder, scope) ?? "") : getPlaceholder(property)
      }
      scope={scope}
      tokens={NO_TOKENS}
      required={property.required}
      readOnly={readOnly}
      large={large}
      caret={large ? 0 : null}
      onChange={field.setVariable}
    />
  );
}
