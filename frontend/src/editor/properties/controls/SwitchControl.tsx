import { Switch } from "../../../ui/controls/Switch";
import type { ControlProps } from "../form/control-props";

/** On or off. The graph keeps only a value that differs from the default. */
export function SwitchControl({ property, field, naming, readOnly }: ControlProps) {
  const { literal } = field.draft;
  const preset = property.default === true;
  return (
    <Switch
      id={naming.id}
      describedBy={naming.describedBy}
      labelledBy={naming.labelledBy}
      checked={typeof literal === "boolean" ? literal : preset}
      disabled={readOnly}
      onChange={(on) => field.setLiteral(on === preset && !property.required ? undefined : on)}
    />
  );
}
