import { screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { Json, NodeValues, ReceivedValue } from "../../../api/types";
import { showRun } from "../../../run/store";
import { createFlowRow } from "../../../testing/data";
import { openPanel } from "../../../testing/panel";
import { createProperty } from "../../../testing/property";
import { createRefusal, serveAnswers } from "../../../testing/server";
import { describeRanges, findNeighbour } from "./passes";

afterEach(() => showRun(null, null));

function createReceived(name: string, value: Json, change: Partial<ReceivedValue> = {}): ReceivedValue {
  return {
    ...{ name, title: name, value, source: "bound", written: { expression: `the.${name}` } },
    ...{ is_kept: true, cut_bytes: null },
    ...change,
  };
}

function createValues(change: Partial<NodeValues> = {}): NodeValues {
  return {
    ...{ run: "r1", node: "n", revision: 0, is_in_version: true, state: "done", error: null },
    ...{ pass_count: 1, kept_passes: [{ first: 1, last: 1 }], pass_number: 1, messages: null },
    received: [createReceived("prompt", "What is it?")],
    gave: [],
    ...change,
  };
}

/** Opens the tab over a run whose answers are these, by pass. */
async function openLastRun(answers: Record<string, unknown>) {
  serveAnswers(
    Object.fromEntries(
      Object.entries(answers).map(([query, answer]) => [`GET runs/r1/nodes/n${query}`, answer]),
    ),
  );
  showRun("r1", {});
  const user = openPanel([createProperty()]);
  await user.click(screen.getByRole("tab", { name: "Last run" }));
  return user;
}

describe("the last run of a node", () => {
  test("without a run says where one comes from", async () => {
    const user = openPanel([createProperty()]);
    await user.click(screen.getByRole("tab", { name: "Last run" }));
    expect(screen.getByText(/Run the flow, or choose one under Runs/)).toBeVisible();
  });

  test("shows each value with what is written for it", async () => {
    await openLastRun({ "": createValues() });
    const received = await screen.findByRole("region", { name: "Received" });
    expect(within(received).getByText('"What is it?"')).toBeVisible();
    expect(within(received).getByText("the.prompt")).toBeVisible();
  });

  test("says under a node that called a flow where the nodes of that flow are read", async () => {
    const flow = createProperty({ name: "flow", title: "Flow", widget: "flow", modes: ["literal"] });
    serveAnswers({
      "GET flows": { flows: [createFlowRow({ id: "f2", name: "Look it up" })] },
      "GET runs/r1/nodes/n": createValues({ received: [createReceived("flow", "f2")] }),
    });
    showRun("r1", {});
    const user = openPanel([flow]);
    await user.click(screen.getByRole("tab", { name: "Last run" }));
    expect(await screen.findByText(/keeps no values of the nodes in a flow that it calls/)).toBeVisible();
    expect(screen.getByRole("link", { name: "Look it up" })).toHaveAttribute("href", "/flows/f2");
  });

  test("draws a hundred rows of a long list, and the next hundred when asked", async () => {
    const items = Array.from({ length: 250 }, (_, index) => index);
    const user = await openLastRun({ "": createValues({ received: [createReceived("items", items)] }) });
    await screen.findByText("250 items");
    expect(screen.getAllByRole("listitem")).toHaveLength(102);
    await user.click(screen.getByRole("button", { name: "Show 100 more of 250 items" }));
    expect(screen.getAllByRole("listitem")).toHaveLength(202);
  });

  test("draws the beginning of a very long text, and copies it whole", async () => {
    const text = "x".repeat(30_000);
    const user = await openLastRun({ "": createValues({ received: [createReceived("text", text)] }) });
    await user.click(await screen.findByRole("radio", { name: "Text" }));
    expect(screen.getByText(/^x+$/).textContent).toHaveLength(20_000);
    await user.click(screen.getByRole("button", { name: "Copy text" }));
    expect(await navigator.clipboard.readText()).toBe(text);
  });

  test("says of a value that was cut how large it was", async () => {
    await openLastRun({
      "": createValues({ received: [createReceived("big", "zzz", { cut_bytes: 307_200 })] }),
    });
    expect(await screen.findByText(/The value has 300 KB, too many to be kept/)).toBeVisible();
  });

  test("lets choose the pass, and skips those that are not kept", async () => {
    const passes = {
      pass_count: 9,
      kept_passes: [
        { first: 1, last: 2 },
        { first: 9, last: 9 },
      ],
    };
    const user = await openLastRun({
      "": createValues({ ...passes, pass_number: 9, received: [createReceived("item", "last")] }),
      "?pass=2": createValues({ ...passes, pass_number: 2, received: [createReceived("item", "second")] }),
    });
    expect(await screen.findByText('"last"')).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Pass before" }));
    expect(await screen.findByText('"second"')).toBeVisible();
  });

  test.each([
    [{ state: null, pass_number: null }, "The run has not come to this node yet."],
    [
      { state: null, pass_number: null, is_in_version: false, revision: 3 },
      "Revision 3, which this run executed, has no such node.",
    ],
    [
      { state: "skipped", pass_number: null },
      "The action was disabled, so that it was skipped and received nothing.",
    ],
  ] as const)("says why there is nothing: %o", async (change, sentence) => {
    await openLastRun({ "": createValues({ ...change, received: [] }) });
    expect(await screen.findByText(sentence)).toBeVisible();
  });

  test("of a node that failed shows the error and what it had received", async () => {
    const error = {
      code: "thrown",
      message: "No.",
      hint: null,
      fault: null,
      retryable: null,
      retry_after_s: null,
    };
    await openLastRun({ "": createValues({ state: "failed", error }) });
    expect(await screen.findByText("No.")).toBeVisible();
    expect(screen.getByText('"What is it?"')).toBeVisible();
  });

  test("whose log is deleted says so", async () => {
    const message = "The log of this run was deleted 30 days after its end.";
    await openLastRun({ "": createRefusal(410, { code: "log_expired", message }) });
    expect(await screen.findByText(message)).toBeVisible();
  });
});

describe("passes", () => {
  const kept = [
    { first: 1, last: 50 },
    { first: 400, last: 400 },
  ];

  test("are told as ranges", () => {
    expect(describeRanges(kept)).toBe("1 to 50 and 400");
  });

  test.each([
    [50, 1, 400],
    [400, -1, 50],
    [200, 1, 400],
    [200, -1, 50],
    [1, -1, null],
    [400, 1, null],
  ] as const)("from %i by %i is %s", (pass, step, expected) => {
    expect(findNeighbour(kept, pass, step)).toBe(expected);
  });
});
