import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Analysis, Flow } from "../api/types";
import { createFlowRow } from "../testing/data";
import { type FakeSocket, stubSockets } from "../testing/fake-socket";
import { createCatalogue, createGraph, createNode, step, trigger } from "../testing/flow";
import { createMe, openApp } from "../testing/render";
import { createRefusal, serveAnswers } from "../testing/server";

const analysis: Analysis = {
  runnable: true,
  problems: [],
  variables: [],
  scope: {},
  streaming: { streams: true, text: "", node: null },
  simulators: [],
};
const graph = createGraph(
  [createNode("start", trigger), createNode("save", step, 300)],
  "start:continue>save",
);
const flow: Flow = { ...createFlowRow(), graph, analysis };

let sockets: FakeSocket[] = [];

beforeEach(() => {
  sockets = stubSockets();
});
afterEach(() => vi.unstubAllGlobals());

function open(answers: Record<string, unknown> = {}, role: "editor" | "viewer" = "editor") {
  let revision = flow.revision;
  const asked = serveAnswers({
    "GET me": createMe(role),
    "GET actions": createCatalogue({ Test: [trigger, step] }),
    "GET flows": { flows: [createFlowRow()] },
    "GET flows/f1": flow,
    "GET connections": { connections: [] },
    "GET runs?flow=f1&limit=20": { runs: [] },
    "GET flows/f1/sessions": { sessions: [] },
    "PUT flows/f1/graph": () => ({ revision: (revision += 1), analysis }),
    ...answers,
  });
  return { asked, ...openApp("/flows/f1") };
}

const findCard = (title: string) => screen.findByRole("group", { name: title });

test("shows the flow, its cards and that it is saved", async () => {
  open();
  expect(await findCard("t.trigger")).toBeInTheDocument();
  expect(await findCard("t.step")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Night desk" })).toBeVisible();
  expect(screen.getByText("Saved")).toBeVisible();
});

test("waits for the connections, so that a card which is added can be bound to the only one", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  open({ "GET connections": new Response(readable), "GET collections": { collections: [] } });
  expect(await screen.findByRole("status", { name: "Loading the flow" })).toBeVisible();
  const writer = writable.getWriter();
  void writer.write(new TextEncoder().encode('{"connections": []}'));
  void writer.close();
  expect(await findCard("t.step")).toBeInTheDocument();
});

test("shows the flow also when the connections cannot be loaded", async () => {
  open({ "GET connections": createRefusal(500, { code: "internal_error", message: "Out of order." }) });
  expect(await findCard("t.step")).toBeInTheDocument();
});

test("an edit is saved by itself, and undo is saved too", async () => {
  const { user, asked } = open();
  const listSaved = () =>
    asked
      .filter(({ call }) => call === "PUT flows/f1/graph")
      .map(({ body }) => (body as { graph: Flow["graph"] }).graph.nodes.length);
  (await findCard("t.step")).focus();
  await user.keyboard("{Delete}");
  await waitFor(() => expect(listSaved()).toEqual([1]));
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(listSaved()).toEqual([1, 2]));
  expect(await screen.findByText("Saved")).toBeVisible();
});

test("Run starts a run with the saved revision and shows its end", async () => {
  const { user } = open();
  await findCard("t.step");
  sockets[0]?.accept();
  await user.click(screen.getByRole("button", { name: "Run" }));
  await waitFor(() =>
    expect(sockets[0]?.sent.at(-1)).toMatchObject({ type: "run.start", revision: flow.revision }),
  );
  expect(screen.getByRole("button", { name: "Stop" })).toBeVisible();
  const refusal = { code: "too_many_runs", message: "Too many runs are going on." };
  sockets[0]?.answer({ type: "error", ref: sockets[0].sent.at(-1)?.ref ?? "", error: refusal });
  expect(await screen.findByText(/Too many runs are going on\./)).toBeVisible();
});

test("Escape keeps the title that was typed, and undo takes it back", async () => {
  const { user } = open();
  (await findCard("t.step")).focus();
  await user.keyboard("{F2}");
  const field = await screen.findByLabelText("Title");
  await user.clear(field);
  await user.type(field, "Ask the model{Escape}");
  expect(await findCard("Ask the model")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(await findCard("t.step")).toBeVisible();
});

test("a graph that someone else saved is not overwritten until the person says so", async () => {
  const conflict = createRefusal(409, { code: "version_conflict", message: "The flow was saved since." });
  const { user } = open({ "PUT flows/f1/graph": conflict });
  (await findCard("t.step")).focus();
  await user.keyboard("{Delete}");
  const banner = await screen.findByText("This flow was saved elsewhere.");
  await user.click(within(banner.parentElement ?? document.body).getByRole("button", { name: "Keep mine" }));
  expect(screen.getByRole("alertdialog", { name: "Keep your version" })).toBeVisible();
});

test("a viewer sees the flow and changes nothing", async () => {
  open({}, "viewer");
  await findCard("t.step");
  expect(screen.getByText("View only")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Run" })).not.toBeInTheDocument();
  expect(screen.queryByRole("complementary", { name: "Actions" })).not.toBeInTheDocument();
});

test("a flow that does not exist leads to all flows", async () => {
  const { user } = open({
    "GET flows/f1": createRefusal(404, { code: "not_found", message: "There is no such flow." }),
  });
  expect(await screen.findByText("This flow does not exist")).toBeVisible();
  await user.click(screen.getByRole("link", { name: "All flows" }));
  expect(await screen.findByRole("heading", { name: "Flows" })).toBeVisible();
});
