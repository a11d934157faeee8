/**
 * The one table from the name of a widget, as the catalogue sends it, to its control and its place in the form. A new
 * widget is one row here and one control.
 */
import type { ComponentType } from "react";
import type { Binding, PropertyDescription, Widget } from "../../api/types";
import { readPropertyJson } from "../../graph/typed-json";
import { CollectionControl } from "./controls/CollectionControl";
import { ConditionControl } from "./controls/ConditionControl";
import { ConnectionControl } from "./controls/ConnectionControl";
import { CronControl } from "./controls/CronControl";
import { FilterControl } from "./controls/FilterControl";
import { FlowControl } from "./controls/FlowControl";
import { JsonControl } from "./controls/JsonControl";
import { ListControl } from "./controls/ListControl";
import { ModelControl } from "./controls/ModelControl";
import { NumberControl } from "./controls/NumberControl";
import { SelectControl } from "./controls/SelectControl";
import { SwitchControl } from "./controls/SwitchControl";
import { LineControl, TextControl } from "./controls/TextControl";
import { TimeZoneControl } from "./controls/TimeZoneControl";
import { VariableControl } from "./controls/VariableControl";
import { VariableNameControl } from "./controls/VariableNameControl";
import type { ControlProps } from "./form/control-props";
import { readNumber } from "./form/typed-number";
import { checkVariableName } from "./form/variable-name";

export interface ResourceLink {
  to: string;
  title: string;
}

export interface WidgetDefinition {
  /** Shows and changes a literal. */
  LiteralControl: ComponentType<ControlProps>;
  /** Shows and changes an expression. */
  VariableControl: ComponentType<ControlProps>;
  /** The modes in which the label stands above the control, because the control needs the whole width. */
  labelAbove: "always" | "literal" | "never";
  /** The modes in which a button opens the text in a larger editor. */
  largeEditor: "always" | "texts" | "never";
  /** A literal stands at the right end of its line, beside the label. */
  isToggle?: boolean;
  /** Why typed text is not a value yet; null when it is one. Only for controls that keep such text. */
  findError?: (property: PropertyDescription, typed: string) => string | null;
  /** The page of the resource that a value names; null for none. */
  findResource?: (value: Binding | undefined, isAdmin: boolean) => ResourceLink | null;
}

const line = { VariableControl, labelAbove: "never", largeEditor: "never" } as const;
const text = { VariableControl, labelAbove: "always", largeEditor: "texts" } as const;

export const widgets: Record<Widget, WidgetDefinition> = {
  line: { ...line, LiteralControl: LineControl },
  text: { ...text, LiteralControl: TextControl },
  template: { ...text, LiteralControl: TextControl },
  filter: { ...text, LiteralControl: FilterControl },
  number: { ...line, LiteralControl: NumberControl, findError: findNumberError },
  select: { ...line, LiteralControl: SelectControl },
  switch: { ...line, LiteralControl: SwitchControl, isToggle: true },
  condition: {
    LiteralControl: SwitchControl,
    VariableControl: ConditionControl,
    labelAbove: "always",
    largeEditor: "always",
  },
  list: { ...line, LiteralControl: ListControl, labelAbove: "literal" },
  json: { ...text, LiteralControl: JsonControl, labelAbove: "literal", findError: findJsonError },
  connection: {
    ...line,
    LiteralControl: ConnectionControl,
    findResource: (_, isAdmin) => (isAdmin ? { to: "/connections", title: "Open the connections" } : null),
  },
  collection: {
    ...line,
    LiteralControl: CollectionControl,
    findResource: findCollection,
  },
  flow: { ...line, LiteralControl: FlowControl, findResource: findFlow },
  variable_name: {
    ...line,
    LiteralControl: VariableNameControl,
    findError: ({ title }, typed) => checkVariableName(typed, title),
  },
  model: { ...line, LiteralControl: ModelControl },
  cron: { ...line, LiteralControl: CronControl, labelAbove: "always" },
  time_zone: { ...line, LiteralControl: TimeZoneControl },
};

function findNumberError(property: PropertyDescription, typed: string): string | null {
  const read = readNumber(typed, property);
  return "error" in read ? read.error : null;
}

function findJsonError(property: PropertyDescription, typed: string): string | null {
  const read = readPropertyJson(property, typed);
  return "error" in read ? read.error : null;
}

function findCollection(value: Binding | undefined): ResourceLink {
  return typeof value === "string" && value !== "" && !value.includes("{{")
    ? { to: `/collections/${value}`, title: "Open this collection" }
    : { to: "/collections", title: "Open the collections" };
}

function findFlow(value: Binding | undefined): ResourceLink | null {
  return typeof value === "string" && value !== ""
    ? { to: `/flows/${value}`, title: "Open this flow" }
    : null;
}
