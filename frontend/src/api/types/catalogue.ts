/** What the palette, the cards and the property form are made from. */

import type { Json } from "./common";

export interface Catalogue {
  families: Family[];
  actions: ActionDescription[];
}

export interface Family {
  id: string;
  title: string;
}

export type ActionRole = "trigger" | "action" | "end" | "helper";

export interface ActionDescription {
  type: string;
  title: string;
  family: string;
  role: ActionRole;
  summary: string;
  icon_url: string;
  docs_url: string;
  /** Width of the card in px. */
  width: number;
  /** The card shows a well with the streamed text. */
  streams: boolean;
  /** The action has an execution input. */
  input: boolean;
  branches: Branch[];
  attachments: AttachmentSlot[];
  outputs: OutputDescription[];
  properties: PropertyDescription[];
}

export interface Branch {
  name: string;
  title: string;
  repeats: boolean;
  provides: ProvidedVariable | null;
}

export interface ProvidedVariable {
  property: string;
  type: string;
  fields: FieldDescription[];
}

export interface AttachmentSlot {
  name: string;
  title: string;
  accepts: string[];
}

export interface OutputDescription {
  /** The property that holds the variable's name; null when the name is fixed. */
  property: string | null;
  default: string | null;
  type: string;
  title: string;
  fields: FieldDescription[];
  /** The branch in which the variable exists; null when it exists after the node. */
  branch: string | null;
}

export interface FieldDescription {
  name: string;
  type: string;
  description: string;
}

export type PropertyType =
  "text" | "number" | "integer" | "boolean" | "json" | "list" | "any" | "connection" | "variable_name";

export type BindingMode = "literal" | "variable" | "template";

export type Widget =
  | "line"
  | "text"
  | "template"
  | "model"
  | "connection"
  | "number"
  | "switch"
  | "select"
  | "json"
  | "list"
  | "condition"
  | "variable_name";

export interface PropertyDescription {
  name: string;
  title: string;
  description: string;
  type: PropertyType;
  required: boolean;
  default: Json;
  modes: BindingMode[];
  widget: Widget;
  section: string;
  /** The property is a row on the card. */
  port: boolean;
  choices: Choice[] | null;
  minimum: number | null;
  maximum: number | null;
  unit: string | null;
  placeholder: string | null;
  connection_kind: string | null;
  /** What a template may hold beside `{{ expression }}`, such as `@@context`. */
  tokens: string[] | null;
  advanced: boolean;
}

export interface Choice {
  value: Json;
  title: string;
}
