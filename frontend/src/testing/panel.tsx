import { useState } from "react";
import { beforeEach } from "vitest";
import type { Binding, PropertyDescription, ScopeVariable } from "../api/types";
import {
  type PanelTab,
  PropertyPanel,
  type PropertyPanelProps,
} from "../editor/properties/form/PropertyPanel";
import { createCollection, createConnection, createFlowRow } from "./data";
import { createAction } from "./property";
import { createMe, renderPart } from "./render";
import { serveAnswers } from "./server";

type Given = Record<string, Binding>;

const scope: ScopeVariable[] = [
  {
    name: "request",
    type: "chat_completion_request",
    title: "Trigger",
    node: "t",
    fields: [{ name: "prompt", type: "text", description: "What is asked." }],
  },
  { name: "history", type: "list", title: "Get history", node: "h", fields: [] },
];

/** What the panel has changed, in order. */
let edits: [string, Binding | undefined][] = [];

export const listEdits = () => edits;
export const getLastEdit = () => edits.at(-1);

beforeEach(() => {
  edits = [];
  serveAnswers({
    "GET me": createMe("admin"),
    "GET connections": {
      connections: [createConnection(), createConnection({ id: "c2", name: "Demo", simulator: true })],
    },
    "GET collections": { collections: [createCollection()] },
    "GET collections/k1/fields": {
      fields: [
        { name: "document", example: "hp-9.md" },
        { name: "page", example: 3 },
      ],
    },
    "GET flows": { flows: [createFlowRow()] },
    "GET connections/c1/models": {
      models: [
        {
          ...{ id: "claude-fable-5-2", display_name: "Claude Fable 5.2", max_tokens: 64000 },
          ...{ lifecycle: "active", temperature: false, temperature_note: null },
        },
        {
          ...{ id: "claude-sonnet-4-5-20250929", display_name: "Claude Sonnet 4.5", max_tokens: 64000 },
          ...{ lifecycle: "active", temperature: true, temperature_note: null },
        },
      ],
    },
  });
});

function Editor({
  start,
  ...panel
}: Partial<PropertyPanelProps> & { start: Given; properties: PropertyDescription[] }) {
  const [given, setGiven] = useState<Record<string, Given>>({ n: start });
  const [id, setId] = useState("n");
  const [tab, setTab] = useState<PanelTab>("properties");
  const change = (name: string, value: Binding | undefined) => {
    edits.push([name, value]);
    const others = Object.entries(given[id] ?? {}).filter(([other]) => other !== name);
    const next = value === undefined ? others : [...others, [name, value] as const];
    setGiven({ ...given, [id]: Object.fromEntries(next) });
  };
  return (
    <PropertyPanel
      node={{ id, action: "test.action", properties: given[id] ?? {}, position: { x: 0, y: 0 } }}
      action={createAction(panel.properties)}
      scope={scope}
      problems={[]}
      lastOutputs={{ request: { prompt: "My HP-9 shows E41" } }}
      readOnly={false}
      tab={tab}
      onTab={setTab}
      onChange={change}
      actions={
        <>
          <button onClick={() => setGiven({ n: start })}>Undo all</button>
          <button onClick={() => setId(id === "n" ? "m" : "n")}>Other node</button>
        </>
      }
      {...panel}
    />
  );
}

/** Renders the panel beside a graph that keeps the changes. */
export function openPanel(
  properties: PropertyDescription[],
  start: Given = {},
  more: Partial<PropertyPanelProps> = {},
) {
  return renderPart(<Editor start={start} properties={properties} {...more} />).user;
}
