import type { ControlProps } from "../form/control-props";
import { VariablePicker } from "../picker/VariablePicker";

/** The variable, or any other expression, that gives the property its value. */
export function VariableControl(props: ControlProps) {
  const { property, field, naming, scope, readOnly, caret, suggested, shortcuts } = props;
  return (
    <VariablePicker
      naming={naming}
      expression={field.draft.variable ?? ""}
      scope={scope}
      readOnly={readOnly}
      required={property.required}
      startsOpen={caret !== null}
      suggested={suggested}
      onAccept={shortcuts.toSuggested}
      onChange={field.setVariable}
    />
  );
}
