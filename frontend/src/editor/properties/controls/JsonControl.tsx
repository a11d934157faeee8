import { CodeField } from "../code/CodeField";
import type { ControlProps } from "../form/field";
import { readJsonFor, writeJson } from "../../../graph/typed-json";
import { placeholderOf } from "./TextControl";

interface JsonControlProps extends ControlProps {
  large?: boolean;
}

const NONE: [] = [];

/** A JSON value, whose texts may hold expressions unless they are taken as typed. What is not JSON yet is kept as typed, and the flow keeps its last value. */
export function JsonControl({ property, field, naming, scope, readOnly, large = false }: JsonControlProps) {
  const { literal, typed } = field.draft;
  const type = (text: string) => {
    const read = readJsonFor(property, text);
    if ("error" in read) field.setTyped(text);
    else field.setLiteral(read.value, text);
  };
  return (
    <CodeField
      language={property.verbatim ? "json" : "json-template"}
      naming={naming}
      value={typed ?? writeJson(literal)}
      placeholder={writeJson(property.default) || placeholderOf(property)}
      scope={scope}
      tokens={NONE}
      required={property.required}
      readOnly={readOnly}
      large={large}
      caret={large ? 0 : null}
      onChange={type}
    />
  );
}
