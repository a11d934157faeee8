import { CodeField } from "../code/CodeField";
import type { ControlProps } from "../field";
import { readJson, writeJson } from "../json";
import { placeholderOf } from "./TextControl";

interface JsonControlProps extends ControlProps {
  large?: boolean;
}

const NONE: [] = [];

/** A JSON value. What is not JSON yet is kept as typed, and the flow keeps its last value. */
export function JsonControl({ property, field, naming, readOnly, large = false }: JsonControlProps) {
  const { literal, typed } = field.draft;
  const type = (text: string) => {
    const read = readJson(text);
    if ("error" in read) field.setTyped(text);
    else field.setLiteral(read.value, text);
  };
  return (
    <CodeField
      language="json"
      naming={naming}
      value={typed ?? writeJson(literal)}
      placeholder={writeJson(property.default) || placeholderOf(property)}
      scope={NONE}
      tokens={NONE}
      required={property.required}
      readOnly={readOnly}
      large={large}
      caret={large ? 0 : null}
      onChange={type}
    />
  );
}
