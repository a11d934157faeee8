import type { ActionDescription } from "../../../api/types";
import type { ControlProps } from "./control-props";
import { CollectionControl } from "../controls/CollectionControl";
import { ConditionControl } from "../controls/ConditionControl";
import { ConnectionControl } from "../controls/ConnectionControl";
import { FlowControl } from "../controls/FlowControl";
import { JsonControl } from "../controls/JsonControl";
import { ListControl } from "../controls/ListControl";
import { ModelControl } from "../controls/ModelControl";
import { NumberControl } from "../controls/NumberControl";
import { SelectControl } from "../controls/SelectControl";
import { SwitchControl } from "../controls/SwitchControl";
import { TemplateControl } from "../controls/TemplateControl";
import { TextControl } from "../controls/TextControl";
import { VariableNameControl } from "../controls/VariableNameControl";
import { describeWhenSet } from "./variable-name";
import { VariablePicker } from "../picker/VariablePicker";

export interface AnyControlProps extends ControlProps {
  action: ActionDescription;
  /** Where the caret is at once, after a mode that was asked for by typing. */
  caret: number | null;
  /** In a dialog of its own. */
  large?: boolean;
}

/** The control that gives the property its value in the mode that is shown. */
export function Control(props: AnyControlProps) {
  const { field, property, naming, scope, readOnly, caret } = props;
  if (field.draft.mode === "template") return <TemplateControl {...props} />;
  if (field.draft.mode === "literal") return <LiteralControl {...props} />;
  if (property.widget === "condition") return <ConditionControl {...props} />;
  return (
    <VariablePicker
      naming={naming}
      expression={field.draft.variable ?? ""}
      scope={scope}
      readOnly={readOnly}
      required={property.required}
      startsOpen={caret !== null}
      onChange={field.setVariable}
    />
  );
}

function LiteralControl(props: AnyControlProps) {
  switch (props.property.widget) {
    case "text":
    case "template":
      return <TextControl {...props} tall />;
    case "number":
      return <NumberControl {...props} />;
    case "select":
      return <SelectControl {...props} />;
    case "switch":
    case "condition":
      return <SwitchControl {...props} />;
    case "list":
      return <ListControl {...props} />;
    case "json":
      return <JsonControl {...props} />;
    case "connection":
      return <ConnectionControl {...props} />;
    case "collection":
      return <CollectionControl {...props} />;
    case "flow":
      return <FlowControl {...props} />;
    case "variable_name":
      return <VariableNameControl {...props} when={describeWhenSet(props.action, props.property.name)} />;
    case "model":
      return <ModelControl {...props} connection={findConnection(props)} />;
    case "line":
      return <TextControl {...props} tall={false} />;
  }
}

/** The connection that the node uses: the value of its connection property. */
function findConnection({ action, siblings }: AnyControlProps): string | null {
  const property = action.properties.find(({ widget }) => widget === "connection");
  const id = property ? siblings[property.name] : undefined;
  return typeof id === "string" && id !== "" ? id : null;
}
