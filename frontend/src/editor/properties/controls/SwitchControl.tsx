import { Switch } from "../../../ui/controls/Switch";
import type { ControlProps } from "../form/control-props";

/** On or off. Back at its default it is not set, so that the graph holds only what differs. */
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
