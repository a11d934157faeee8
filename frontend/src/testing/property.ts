import type { ActionDescription, PropertyDescription } from "../api/types";

export function createProperty(change: Partial<PropertyDescription> = {}): PropertyDescription {
  return {
    name: "prompt",
    title: "Prompt",
    description: "What is asked.",
    type: "text",
    required: false,
    default: null,
    modes: ["literal", "variable", "template"],
    widget: "line",
    section: "General",
    port: true,
    choices: null,
    minimum: null,
    maximum: null,
    unit: null,
    placeholder: null,
    suggests: [],
    connection_kind: null,
    tokens: null,
    verbatim: false,
    advanced: false,
    ...change,
  };
}

export function createAction(properties: PropertyDescription[]): ActionDescription {
  return {
    type: "test.action",
    title: "Test action",
    family: "test",
    role: "action",
    summary: "Tests.",
    icon_url: "",
    docs_url: "/docs/actions/test.action",
    width: 200,
    streams: false,
    input: true,
    branches: [],
    cases: null,
    attachments: [],
    outputs: [],
    properties,
  };
}
