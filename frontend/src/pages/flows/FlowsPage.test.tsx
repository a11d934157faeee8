import { screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { createFlowRow } from "../../testing/data";
import { createMe, openApp } from "../../testing/render";
import { createRefusal, serveAnswers } from "../../testing/server";

const hours = (failed: number) => [{ runs: 3, failed }, ...createFlowRow().hours.slice(1)];
const flows = [
  createFlowRow({ runs_24h: 3, hours: hours(2) }),
  createFlowRow({ id: "f2", name: "Parts finder", description: "", runs_24h: 1, first_item_ms: 410 }),
];

test("the foot adds up what the table shows", async () => {
  serveAnswers({ "GET me": createMe("admin"), "GET flows": { flows } });
  openApp("/flows");
  const row = await screen.findByRole("row", { name: /Night desk/ });
  expect(within(row).getByRole("img")).toHaveAccessibleName("3 runs in the last 24 hours, 2 failed");
  expect(screen.getByText("4").parentElement).toHaveTextContent("4 runs");
  expect(screen.getByText("2", { selector: "b" }).parentElement).toHaveTextContent("2 failed");
});

test("/ reaches the search, which narrows the table and says when nothing is left", async () => {
  serveAnswers({ "GET me": createMe("admin"), "GET flows": { flows } });
  const { user } = openApp("/flows");
  await screen.findByText("Night desk");
  await user.keyboard("/part");
  expect(screen.queryByText("Night desk")).not.toBeInTheDocument();
  await user.keyboard(" zzz");
  expect(screen.getByText("Nothing matches “part zzz”.")).toBeVisible();
  await user.keyboard("{Escape}");
  expect(screen.getByText("Night desk")).toBeVisible();
});

test("a refused deletion says why and leaves the dialog open", async () => {
  serveAnswers({
    "GET me": createMe("editor"),
    "GET flows": { flows },
    "DELETE flows/f1": createRefusal(409, {
      code: "flow_running",
      message: "A run is going.",
      hint: "Stop it first.",
    }),
  });
  const { user } = openApp("/flows");
  await user.click(await screen.findByRole("button", { name: "More for Night desk" }));
  await user.click(screen.getByRole("menuitem", { name: "Delete" }));
  await user.click(screen.getByRole("button", { name: "Delete flow" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("A run is going. Stop it first.");
});

test("a flow that others call cannot be deleted, and they are links", async () => {
  const used_by = [{ kind: "flow" as const, id: "f2", name: "Parts finder" }];
  const asked = serveAnswers({
    "GET me": createMe("editor"),
    "GET flows": { flows: [createFlowRow({ used_by }), flows[1]] },
  });
  const { user } = openApp("/flows");
  await user.click(await screen.findByRole("button", { name: "More for Night desk" }));
  await user.click(screen.getByRole("menuitem", { name: /^Delete\s*Called by 1 flow$/ }));
  const dialog = within(screen.getByRole("alertdialog"));
  expect(dialog.getByRole("link", { name: "Parts finder" })).toHaveAttribute("href", "/flows/f2");
  await user.click(dialog.getByRole("button", { name: "Delete flow" }));
  expect(asked.map(({ call }) => call)).not.toContain("DELETE flows/f1");
});

test("a flow that runs cannot be deleted", async () => {
  const last_run = { id: "r", started_at: "2026-11-02T08:00:00Z", status: "running" as const };
  serveAnswers({ "GET me": createMe("editor"), "GET flows": { flows: [createFlowRow({ last_run })] } });
  const { user } = openApp("/flows");
  await user.click(await screen.findByRole("button", { name: "More for Night desk" }));
  await user.click(screen.getByRole("menuitem", { name: /^Delete\s*A run goes on$/ }));
  expect(screen.getByRole("button", { name: "Delete flow" })).toHaveAttribute("aria-disabled", "true");
});

test("a dialog that a menu opened gives the focus back to the menu's button", async () => {
  serveAnswers({ "GET me": createMe("editor"), "GET flows": { flows } });
  const { user } = openApp("/flows");
  const more = await screen.findByRole("button", { name: "More for Night desk" });
  await user.click(more);
  await user.click(screen.getByRole("menuitem", { name: "Rename" }));
  expect(screen.getByLabelText(/Name/)).toHaveFocus();
  await user.keyboard("{Escape}");
  expect(more).toHaveFocus();
});

test("a flow gets another address name, and forgets an old one", async () => {
  const row = createFlowRow({ aliases: ["desk", "day-desk"] });
  const asked = serveAnswers({
    "GET me": createMe("editor"),
    "GET flows": { flows: [row] },
    "PATCH flows/f1": row,
  });
  const { user } = openApp("/flows");
  await user.click(await screen.findByRole("button", { name: "More for Night desk" }));
  await user.click(screen.getByRole("menuitem", { name: "Rename" }));
  const address = screen.getByLabelText("Address name");
  expect(address).toHaveValue("night-desk");
  await user.clear(address);
  expect(screen.getByText("Give the flow an address name.")).toBeVisible();
  await user.type(address, "all-day");
  await user.click(screen.getByRole("button", { name: "Forget day-desk" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  const body = { address: "all-day", aliases: ["desk"] };
  await vi.waitFor(() => expect(asked).toContainEqual({ call: "PATCH flows/f1", body }));
});

test("an address name that another flow has is refused at its field", async () => {
  serveAnswers({
    "GET me": createMe("editor"),
    "GET flows": { flows },
    "PATCH flows/f1": createRefusal(422, {
      code: "address_taken",
      message: "Another flow has that name.",
      field: "address",
    }),
  });
  const { user } = openApp("/flows");
  await user.click(await screen.findByRole("button", { name: "More for Night desk" }));
  await user.click(screen.getByRole("menuitem", { name: "Rename" }));
  await user.type(screen.getByLabelText("Address name"), "-2");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Another flow has that name.")).toBeVisible();
  expect(screen.getByLabelText("Address name")).toBeInvalid();
});

test("a duplicate takes the graph and the description of the first", async () => {
  const graph = { schema: 1, nodes: [], edges: [], notes: [] };
  const asked = serveAnswers({
    "GET me": createMe("editor"),
    "GET flows": { flows },
    "GET flows/f1": { ...flows[0], graph },
    "POST flows": { ...flows[0], id: "f3", name: "Night desk copy", graph },
  });
  const { user } = openApp("/flows");
  await user.click(await screen.findByRole("button", { name: "More for Night desk" }));
  await user.click(screen.getByRole("menuitem", { name: "Duplicate" }));
  expect(await screen.findByText("The copy is named Night desk copy.")).toBeVisible();
  const body = { name: "Night desk copy", description: "Out-of-hours chat", graph };
  expect(asked).toContainEqual({ call: "POST flows", body });
});

test("a viewer sees the flows and no way to change them", async () => {
  serveAnswers({ "GET me": createMe("viewer"), "GET flows": { flows } });
  openApp("/flows");
  await screen.findByText("Night desk");
  expect(screen.queryByRole("button", { name: /New flow|More for/ })).not.toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "Connections" })).not.toBeInTheDocument();
});

test("flows that cannot be fetched give the reason, the request and a way to try again", async () => {
  let broken = true;
  const failure = createRefusal(500, { code: "internal", message: "The server failed while it answered." });
  serveAnswers({ "GET me": createMe("admin"), "GET flows": () => (broken ? failure : { flows }) });
  const { user } = openApp("/flows");
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("The server failed while it answered.");
  expect(alert).toHaveTextContent("Request r-1");
  broken = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Night desk")).toBeVisible();
});
