import { TemplateControl } from "../controls/TemplateControl";
import { widgets } from "../widgets";
import type { ControlProps } from "./control-props";

/** The control that gives the property its value in the mode that is shown. */
export function Control(props: ControlProps) {
  const { LiteralControl, VariableControl } = widgets[props.property.widget];
  switch (props.field.draft.mode) {
    case "literal":
      return <LiteralControl {...props} />;
    case "variable":
      return <VariableControl {...props} />;
    case "template":
      return <TemplateControl {...props} />;
  }
}
