import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { createMe, openApp } from "../../testing/render";
import { createRefusal, serveAnswers } from "../../testing/server";
import type { FlowTemplate, Graph } from "../../api/types";

const graph: Graph = { schema: 1, nodes: [], edges: [], notes: [] };
const templates: FlowTemplate[] = [
  {
    name: "summariser",
    title: "Summariser",
    description: "Streams a summary.",
    needs: [{ type: "connection", kind: "anthropic", name: "Anthropic" }],
    graph,
  },
  {
    name: "support",
    title: "Support",
    description: "Answers from documents.",
    needs: [
      { type: "connection", kind: "anthropic", name: "Anthropic" },
      { type: "collection", kind: null, name: "Handbook" },
    ],
    graph,
  },
];
const answers = { "GET templates": { templates }, "GET actions": { actions: [] } };

test("a press on Use makes a flow and opens it", async () => {
  const asked = serveAnswers({
    "GET me": createMe("editor"),
    ...answers,
    "POST templates/summariser/flow": { id: "f9", name: "Summariser", description: "", graph },
  });
  const { user } = openApp("/flows/templates");
  await user.click(await screen.findByRole("button", { name: "Use Summariser" }));
  await waitFor(() => expect(asked.map(({ call }) => call)).toContain("POST templates/summariser/flow"));
});

test("a refusal says that no flow was made, and the gallery stays", async () => {
  serveAnswers({
    "GET me": createMe("editor"),
    ...answers,
    "POST templates/support/flow": createRefusal(507, {
      code: "workspace_full",
      message: "The workspace is full.",
    }),
  });
  const { user } = openApp("/flows/templates");
  await user.click(await screen.findByRole("button", { name: "Use Support" }));
  expect(await screen.findByText("No flow was made of Support")).toBeVisible();
  expect(screen.getByText("The workspace is full.")).toBeVisible();
  expect(screen.getByRole("heading", { name: "Summariser" })).toBeVisible();
});

test("each says what it takes, and the search narrows the gallery", async () => {
  serveAnswers({ "GET me": createMe("editor"), ...answers });
  const { user } = openApp("/flows/templates");
  const support = await screen.findByRole("heading", { name: "Support" });
  expect(support.closest("li")).toHaveTextContent("Takes a connection and a collection");
  await user.keyboard("/summary");
  expect(screen.queryByRole("heading", { name: "Support" })).not.toBeInTheDocument();
  await user.keyboard(" zzz");
  expect(screen.getByText("Nothing matches “summary zzz”.")).toBeVisible();
});

test("a template that starts by itself says so, and no other", async () => {
  const trigger = { id: "t", action: "schedule.trigger", properties: {}, position: { x: 0, y: 0 } };
  const briefing = {
    ...templates[0],
    name: "briefing",
    title: "Briefing",
    graph: { ...graph, nodes: [trigger] },
  };
  serveAnswers({
    "GET me": createMe("editor"),
    ...answers,
    "GET templates": { templates: [...templates, briefing] },
  });
  openApp("/flows/templates");
  const card = (await screen.findByRole("heading", { name: "Briefing" })).closest("li");
  expect(card).toHaveTextContent("Starts by itself once it is published");
  expect(screen.getAllByText(/Starts by itself/)).toHaveLength(1);
});

test("a viewer looks and is offered nothing to use", async () => {
  serveAnswers({ "GET me": createMe("viewer"), ...answers });
  openApp("/flows/templates");
  await screen.findByRole("heading", { name: "Summariser" });
  expect(screen.queryByRole("button", { name: /Use/ })).not.toBeInTheDocument();
});
