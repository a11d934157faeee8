import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Analysis, Flow, VersionHead } from "../../api/types";
import { createFlowRow } from "../../testing/data";
import { stubSockets } from "../../testing/fake-socket";
import { createCatalogue, createGraph, createNode, step, trigger } from "../../testing/flow";
import { createMe, openApp } from "../../testing/render";
import { createRefusal, serveAnswers } from "../../testing/server";
import { changeLayout } from "../layout";

const analysis: Analysis = {
  runnable: true,
  problems: [],
  variables: [],
  scope: {},
  streaming: { streams: true, text: "", node: null },
  simulators: [],
};
const start = createNode("start", trigger);
const graph = createGraph([start, createNode("save", step, 300)], "start:continue>save");
const published = { production: 2, test: null };
const flow: Flow = { ...createFlowRow({ published }), graph, analysis };

function createVersion(number: number, change: Partial<VersionHead> = {}): VersionHead {
  return {
    number,
    name: "",
    note: "",
    author: "Ines Moreau",
    created_at: "2026-11-02T08:00:00Z",
    is_draft: number === 3,
    publications: [],
    ...change,
  };
}

const publication = {
  environment: "production" as const,
  note: "Shorter answers",
  author: "Ines Moreau",
  created_at: "2026-11-02T08:00:00Z",
  is_current: true,
};
const versions = [createVersion(3), createVersion(2, { publications: [publication] }), createVersion(1)];
const changes = {
  old: 2,
  new: 3,
  nodes: [
    { id: "save", action: step.type, kind: "added", properties: [] },
    { id: "gone", action: step.type, kind: "removed", properties: [] },
    {
      id: "start",
      action: trigger.type,
      kind: "changed",
      properties: [{ name: "title", before: "Begin", after: null }],
    },
  ],
  edges: [],
  notes: [],
};
const older = createGraph([start, createNode("gone", step, 300)]);

beforeEach(() => {
  stubSockets();
});
afterEach(() => {
  changeLayout({ versions: false, publishing: null });
  vi.unstubAllGlobals();
});

function open(answers: Record<string, unknown> = {}, role: "editor" | "viewer" = "editor", search = "") {
  const asked = serveAnswers({
    "GET me": createMe(role),
    "GET actions": createCatalogue({ Test: [trigger, step] }),
    "GET flows": { flows: [createFlowRow()] },
    "GET flows/f1": flow,
    "GET connections": { connections: [] },
    "GET runs?flow=f1&limit=20": { runs: [] },
    "GET flows/f1/sessions": { sessions: [] },
    "GET flows/f1/versions": { versions, next: null },
    "GET flows/f1/versions/1": { ...createVersion(1), graph: older },
    "GET flows/f1/versions/2": { ...createVersion(2), graph: older },
    "GET flows/f1/versions/3": { ...createVersion(3), graph },
    "GET flows/f1/versions/2/comparison?to=3": changes,
    ...answers,
  });
  return { asked, ...openApp(`/flows/f1${search}`) };
}

async function openVersions(answers?: Record<string, unknown>, role?: "editor" | "viewer") {
  const page = open(answers, role);
  await page.user.click(await screen.findByRole("button", { name: "Versions" }));
  const side = within(await screen.findByRole("complementary", { name: "Versions" }));
  await side.findByText("Version 1");
  return { ...page, side };
}

test("lists every save, the draft and what is published", async () => {
  const { side } = await openVersions();
  const rows = within(side.getByRole("region", { name: "Every save" })).getAllByRole("listitem");
  expect(rows.map((row) => within(row).getAllByRole("button")[0]?.textContent)).toEqual([
    expect.stringContaining("Version 3Draft"),
    expect.stringContaining("Version 2ProductionShorter answers"),
    expect.stringContaining("Version 1"),
  ]);
});

test("a version is drawn in place of the draft, which comes back", async () => {
  const { user, side } = await openVersions();
  await user.click(side.getByText("Version 1"));
  expect(await screen.findByText("Version 1 is drawn, and cannot be edited.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Run" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Back to the draft" }));
  expect(await screen.findByRole("button", { name: "Run" })).toBeVisible();
});

test("a comparison marks the cards and says in words what differs", async () => {
  const { user, side } = await openVersions();
  await user.click(side.getByRole("button", { name: "More about version 2" }));
  await user.click(await screen.findByRole("menuitem", { name: "Compare with the draft" }));
  expect(await screen.findByText("1 added, 1 removed, 1 changed.")).toBeVisible();
  const list = within(await side.findByRole("region", { name: "Changes" }));
  expect(await list.findByText("Begin")).toBeVisible();
  expect(list.getByText("not set")).toBeVisible();
  expect(screen.getByText("Removed")).toBeInTheDocument();
});

test("a restored version is the draft, and undo brings back what was drawn", async () => {
  const { user, side, asked } = await openVersions({
    "POST flows/f1/versions/1/restore": { ...flow, graph: older, revision: 4 },
    "PUT flows/f1/graph": { revision: 5, analysis },
  });
  await user.click(side.getByRole("button", { name: "More about version 1" }));
  await user.click(await screen.findByRole("menuitem", { name: "Restore" }));
  expect(await screen.findByText("Version 1 is the draft")).toBeVisible();
  expect(asked).toContainEqual({ call: "POST flows/f1/versions/1/restore", body: { revision: 3 } });
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() =>
    expect(asked).toContainEqual({ call: "PUT flows/f1/graph", body: { revision: 4, graph } }),
  );
});

test("a publication is sent with its note, and the page tells what calls run", async () => {
  const { user, asked } = open({
    "POST flows/f1/versions/3/publish": { ...flow, published: { production: 3, test: null } },
  });
  await user.click(await screen.findByRole("button", { name: "Publish" }));
  expect(await screen.findByText("What changes since version 2")).toBeVisible();
  await user.type(screen.getByLabelText("Note"), "Longer answers");
  const dialog = within(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Publish" }));
  expect(await screen.findByText("Production runs version 3")).toBeVisible();
  expect(asked).toContainEqual({
    call: "POST flows/f1/versions/3/publish",
    body: { environment: "production", note: "Longer answers" },
  });
});

test("a refused publication lists the problems, and nothing is published", async () => {
  const refusal = {
    ...{ code: "flow_has_problems", message: "It cannot run.", hint: "Choose another." },
    problems: [{ message: "This connection does not exist.", hint: "Choose another connection." }],
  };
  const { user } = open({ "POST flows/f1/versions/3/publish": createRefusal(422, refusal) });
  await user.click(await screen.findByRole("button", { name: "Publish" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Publish" }));
  const list = within(await dialog.findByRole("list", { name: "Problems" }));
  expect(list.getByText(/This connection does not exist/)).toBeVisible();
});

test("one click rolls production back, and Undo publishes again", async () => {
  const back = { ...flow, published: { production: 1, test: null } };
  const { user, side, asked } = await openVersions({
    "POST flows/f1/versions/rollback": back,
    "POST flows/f1/versions/2/publish": flow,
  });
  await user.click(side.getByRole("button", { name: "Roll back production" }));
  expect(await screen.findByText("Production runs version 1 again")).toBeVisible();
  await user.click(screen.getAllByRole("button", { name: "Undo" }).at(-1) as HTMLElement);
  await waitFor(() => expect(asked.map(({ call }) => call)).toContain("POST flows/f1/versions/2/publish"));
});

test("a viewer looks and compares, and is offered nothing else", async () => {
  const { user, side } = await openVersions({}, "viewer");
  expect(screen.queryByRole("button", { name: "Publish" })).not.toBeInTheDocument();
  expect(side.queryByRole("button", { name: /^Roll back/ })).not.toBeInTheDocument();
  await user.click(side.getByRole("button", { name: "More about version 1" }));
  const items = await screen.findAllByRole("menuitem");
  expect(items.map((item) => item.textContent)).toEqual(["Show", "Compare with the draft"]);
});

test("both sides are chosen, swapped, and stand in the address", async () => {
  const { user, side, asked, router } = await openVersions({
    "GET flows/f1/versions/1/comparison?to=2": { ...changes, old: 1, new: 2 },
    "GET flows/f1/versions/2/comparison?to=1": { ...changes, old: 2, new: 1 },
    "GET flows/f1/versions/2/comparison?to=3": changes,
  });
  await user.click(side.getByRole("button", { name: "More about version 2" }));
  await user.click(await screen.findByRole("menuitem", { name: "Compare with version 1" }));
  expect(await side.findByRole("heading", { name: "From version 1 to version 2" })).toBeVisible();
  await waitFor(() => expect(router.state.location.search).toBe("?from=1&to=2"));
  await user.click(side.getByRole("button", { name: "Swap" }));
  expect(await side.findByRole("heading", { name: "From version 2 to version 1" })).toBeVisible();
  await user.selectOptions(side.getByRole("combobox", { name: "To" }), "The draft");
  expect(await side.findByRole("heading", { name: "From version 2 to the draft" })).toBeVisible();
  await waitFor(() => expect(router.state.location.search).toBe("?from=2&to=draft"));
  await user.click(screen.getByRole("button", { name: "Back to the draft" }));
  await waitFor(() => expect(router.state.location.search).toBe(""));
  expect(asked.map(({ call }) => call)).toContain("GET flows/f1/versions/2/comparison?to=1");
});

test("any two versions are compared: the one that is drawn, with another one of the list", async () => {
  const { user, side } = await openVersions({
    "GET flows/f1/versions": { versions: [...versions, createVersion(0)], next: null },
    "GET flows/f1/versions/0": { ...createVersion(0), graph: older },
    "GET flows/f1/versions/0/comparison?to=2": { ...changes, old: 0, new: 2 },
  });
  await user.click(side.getByText("Version 0"));
  await screen.findByText("Version 0 is drawn, and cannot be edited.");
  await user.click(side.getByRole("button", { name: "More about version 2" }));
  await user.click(await screen.findByRole("menuitem", { name: "Compare with version 0, which is drawn" }));
  expect(await side.findByRole("heading", { name: "From version 0 to version 2" })).toBeVisible();
});

test("an address opens its comparison", async () => {
  open({}, "editor", "?from=2&to=draft");
  expect(await screen.findByText("1 added, 1 removed, 1 changed.")).toBeVisible();
  expect(await screen.findByRole("complementary", { name: "Versions" })).toBeVisible();
});

test.each([
  ["?from=99&to=draft", "This flow has no version 99, or has it no more."],
  ["?from=abc&to=2", "The address names no versions. Choose two in the list."],
])("an address with %s is refused in words, and the draft stays", async (search, words) => {
  const missing = createRefusal(404, { code: "not_found", message: "There is nothing here." });
  const { router } = open({ "GET flows/f1/versions/99": missing }, "editor", search);
  expect(await screen.findByText(words)).toBeVisible();
  expect(screen.getByRole("button", { name: "Run" })).toBeVisible();
  await waitFor(() => expect(router.state.location.search).toBe(""));
});
