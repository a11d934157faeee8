import { CodeField } from "../code/CodeField";
import type { ControlProps } from "../form/control-props";
import { readPropertyJson, writeJson } from "../../../graph/typed-json";
import { getPlaceholder } from "./TextControl";

const NO_TOKENS: [] = [];

/**
 * A JSON value. Its texts may have expressions unless the property is verbatim. Text that is not JSON stays in the
 * field, and the flow keeps its last value.
 */
export function JsonControl({ property, field, naming, scope, readOnly, large = false }: ControlProps) {
  const { literal, typed } = field.draft;
  const type = (text: string) => {
    const read = readPropertyJson(property, text);
    if ("error" in read) field.setTyped(text);
    else field.setLiteral(read.value, text);
  };
  return (
    <CodeField
      language={property.verbatim ? "json" : "json-template"}
      naming={naming}
      value={typed ?? writeJson(literal)}
      placeholder={writeJson(property.default) || getPlaceholder(property)}
      scope={scope}
      tokens={NO_TOKENS}
      required={property.required}
      readOnly={readOnly}
      large={large}
      caret={large ? 0 : null}
      onChange={type}
    />
  );
}
