import { screen } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import type { Binding } from "../../../api/types";
import { listEdits, getLastEdit, openPanel } from "../../../testing/panel";
import { createProperty } from "../../../testing/property";

// The code editor has its own tests. Here its code cannot be loaded, so the plain field takes its place.
vi.mock("../code/CodeEditor", () => Promise.reject(new Error("No network.")));

describe("a figure", () => {
  const temperature = createProperty({
    ...{ name: "temperature", title: "Temperature", type: "number", widget: "number" },
    ...{ modes: ["literal", "variable"], minimum: 0, maximum: 1 },
  });

  test.each([
    ["1.5", "Temperature is at most 1. The flow keeps 0.2."],
    ["warm", "Temperature is a number. The flow keeps 0.2."],
  ])("that is none (%s) stays as typed, says why and is not given", async (typed, said) => {
    const user = openPanel([temperature], { temperature: 0.2 });
    const field = screen.getByRole("spinbutton", { name: "Temperature" });
    await user.tripleClick(field);
    await user.paste(typed);
    expect(field).toHaveValue(typed);
    expect(field).toBeValid();
    await user.click(document.body);
    expect(await screen.findByText(said)).toBeVisible();
    expect(field).toBeInvalid();
    expect(listEdits()).toEqual([]);
  });

  test("tells an error that it told before while it is mended, and no new one", async () => {
    const user = openPanel([temperature], { temperature: 0.2 });
    const field = screen.getByRole("spinbutton", { name: "Temperature" });
    await user.type(field, "x");
    await user.click(document.body);
    await screen.findByText(/Temperature is a number/);
    await user.click(field);
    expect(screen.getByText(/Temperature is a number/)).toBeVisible();
    await user.keyboard("{Backspace}");
    expect(screen.queryByText(/Temperature is a number/)).not.toBeInTheDocument();
  });

  test("keeps what is typed while it is being typed", async () => {
    const user = openPanel([temperature]);
    await user.type(screen.getByRole("spinbutton"), "0.50");
    expect(screen.getByRole("spinbutton")).toHaveValue("0.50");
    expect(getLastEdit()).toEqual(["temperature", 0.5]);
  });

  test("goes up and down by arrow keys, within its limits", async () => {
    const user = openPanel([temperature], { temperature: 0.9 });
    await user.type(screen.getByRole("spinbutton"), "{ArrowUp}{ArrowUp}{ArrowUp}");
    expect(listEdits()).toEqual([["temperature", 1]]);
  });

  test("that was refused is still there after another node was looked at", async () => {
    const user = openPanel([temperature], { temperature: 0.2 });
    await user.type(screen.getByRole("spinbutton"), "x");
    await user.click(screen.getByRole("button", { name: "Other node" }));
    expect(screen.getByRole("spinbutton")).toHaveValue("");
    await user.click(screen.getByRole("button", { name: "Other node" }));
    expect(screen.getByRole("spinbutton")).toHaveValue("0.2x");
  });
});

describe("JSON", () => {
  const json = createProperty({
    name: "data",
    title: "Data",
    type: "json",
    widget: "json",
    modes: ["literal"],
  });

  test("that is broken stays as typed and is not given", async () => {
    const user = openPanel([json]);
    await user.type(screen.getByLabelText("Data"), '{{"a": 1}');
    expect(getLastEdit()).toEqual(["data", { a: 1 }]);
    const given = listEdits().length;
    await user.type(screen.getByLabelText("Data"), "{Backspace}");
    expect(screen.queryByText(/This is not JSON/)).not.toBeInTheDocument();
    await user.click(document.body);
    expect(await screen.findByText(/This is not JSON.*The flow keeps its last value/)).toBeVisible();
    expect(listEdits()).toHaveLength(given);
  });
});

describe("other widgets", () => {
  test.each<[boolean, boolean, Binding | undefined]>([
    [false, false, true],
    [true, true, false],
  ])("a switch whose default is %s gives only what differs", async (preset, _, first) => {
    const on = createProperty({
      name: "on",
      title: "On",
      type: "boolean",
      widget: "switch",
      default: preset,
    });
    const user = openPanel([on]);
    await user.click(screen.getByRole("switch", { name: "On" }));
    expect(getLastEdit()).toEqual(["on", first]);
    await user.click(screen.getByRole("switch", { name: "On" }));
    expect(getLastEdit()).toEqual(["on", undefined]);
  });

  test("a select gives the choice's value and can be unset", async () => {
    const choices = [
      { value: "low", title: "Low" },
      { value: "high", title: "High" },
    ];
    const user = openPanel([
      createProperty({ name: "effort", title: "Effort", widget: "select", choices, default: "low" }),
    ]);
    const options = screen.getAllByRole("option").map(({ textContent }) => textContent);
    expect(options).toEqual(["Low (default)", "High"]);
    await user.selectOptions(screen.getByLabelText("Effort"), "High");
    expect(getLastEdit()).toEqual(["effort", "high"]);
    await user.selectOptions(screen.getByLabelText("Effort"), "Low (default)");
    expect(getLastEdit()).toEqual(["effort", undefined]);
  });

  test("a list grows by Enter, shrinks by Backspace and leaves out what is empty", async () => {
    const user = openPanel([createProperty({ name: "stops", title: "Stops", type: "list", widget: "list" })]);
    await user.click(screen.getByRole("button", { name: "Add to Stops" }));
    await user.type(await screen.findByLabelText("Stops, 1"), "END{Enter}");
    expect(getLastEdit()).toEqual(["stops", ["END"]]);
    await user.type(await screen.findByLabelText("Stops, 2"), "STOP");
    expect(getLastEdit()).toEqual(["stops", ["END", "STOP"]]);
    await user.type(screen.getByLabelText("Stops, 1"), "{Backspace}{Backspace}{Backspace}{Backspace}");
    expect(getLastEdit()).toEqual(["stops", ["STOP"]]);
  });

  test("a row that is emptied keeps its place in the list until it is left or written in again", async () => {
    const stops = createProperty({ name: "stops", title: "Stops", type: "list", widget: "list" });
    const user = openPanel([stops], { stops: ["END", "STOP"] });
    await user.clear(screen.getByLabelText("Stops, 1"));
    expect(listEdits()).toEqual([]);
    await user.type(screen.getByLabelText("Stops, 1"), "X");
    expect(listEdits()).toEqual([["stops", ["X", "STOP"]]]);
    await user.clear(screen.getByLabelText("Stops, 1"));
    await user.tab();
    expect(getLastEdit()).toEqual(["stops", ["STOP"]]);
  });

  test("a collection is one of the workspace's, kept by its id, and one that is gone is told", async () => {
    const field = createProperty({
      name: "collection",
      title: "Collection",
      type: "collection",
      widget: "collection",
    });
    const user = openPanel([field], { collection: "k9" });
    const select = await screen.findByRole("combobox", { name: "Collection" });
    expect(
      await screen.findByRole("option", { name: "A collection that does not exist" }),
    ).toBeInTheDocument();
    await user.selectOptions(select, "Manuals");
    expect(getLastEdit()).toEqual(["collection", "k1"]);
    expect(screen.getByRole("link", { name: "Open this collection" })).toHaveAttribute(
      "href",
      "/collections/k1",
    );
    await user.click(screen.getByRole("button", { name: /^Value of Collection is/ }));
    await user.click(await screen.findByRole("menuitemradio", { name: /Variable/ }));
    await user.keyboard("request.prompt{Enter}");
    expect(getLastEdit()).toEqual(["collection", { expression: "request.prompt" }]);
  });

  test("a condition shows an example of a variable that is there", () => {
    const condition = createProperty({ widget: "condition", modes: ["variable"] });
    openPanel([{ ...condition, placeholder: 'chatCompletionRequest.prompt != ""' }]);
    expect(screen.getByLabelText("Prompt")).toHaveAttribute("placeholder", 'request.prompt != ""');
  });

  test("a filter offers the fields of the chosen collection", async () => {
    const collection = createProperty({ name: "collection", title: "Collection", type: "collection" });
    const filter = createProperty({ name: "filter", title: "Filter", widget: "filter", modes: ["literal"] });
    const user = openPanel([{ ...collection, widget: "collection" }, filter], { collection: "k1" });
    const page = await screen.findByRole("button", { name: "Add the field page" });
    expect(screen.getByLabelText("Filter")).toHaveAttribute("placeholder", "page == 3");
    await user.click(page);
    expect(screen.getByLabelText("Filter")).toHaveFocus();
    await user.keyboard("> 1");
    await user.click(screen.getByRole("button", { name: "Add the field document" }));
    expect(getLastEdit()).toEqual(["filter", "page > 1 and document "]);
  });

  test("a flow is kept by its id and shown by its name, and one that is gone is told", async () => {
    const field = createProperty({
      name: "flow",
      title: "Flow",
      type: "flow",
      widget: "flow",
      modes: ["literal"],
    });
    const user = openPanel([field], { flow: "f9" });
    expect(await screen.findByRole("option", { name: "A flow that does not exist" })).toBeInTheDocument();
    await user.selectOptions(screen.getByLabelText("Flow"), "Night desk");
    expect(getLastEdit()).toEqual(["flow", "f1"]);
    expect(screen.getByRole("link", { name: "Open this flow" })).toHaveAttribute("href", "/flows/f1");
  });

  test("a variable's name that cannot be one is kept as typed and not given", async () => {
    const name = { name: "as", title: "As", type: "variable_name", widget: "variable_name" } as const;
    const user = openPanel([createProperty({ ...name, modes: ["literal"], default: "message" })]);
    await user.type(screen.getByLabelText("As"), "my name");
    await user.tab();
    expect(await screen.findByText("As has letters, digits and _ only. The flow keeps “my”.")).toBeVisible();
    expect(getLastEdit()).toEqual(["as", "my"]);
  });

  test("a connection is one of the right kind, and the simulator is named", async () => {
    const connections = { name: "connection", title: "Connection", widget: "connection" } as const;
    const user = openPanel([
      createProperty({ ...connections, connection_kind: "anthropic", modes: ["literal"] }),
    ]);
    await user.selectOptions(await screen.findByLabelText("Connection"), await screen.findByText("Demo"));
    expect(getLastEdit()).toEqual(["connection", "c2"]);
    expect(screen.getByText("Simulator")).toBeVisible();
    expect(screen.getByRole("link", { name: "Open the connections" })).toHaveAttribute(
      "href",
      "/connections",
    );
  });

  test("a model is any text, with the models of the chosen connection to choose from", async () => {
    const model = createProperty({ name: "model", title: "Model", widget: "model", modes: ["literal"] });
    const user = openPanel(
      [
        createProperty({
          name: "connection",
          widget: "connection",
          connection_kind: "anthropic",
          modes: ["literal"],
        }),
        model,
      ],
      {
        connection: "c1",
      },
    );
    const field = screen.getByRole("combobox", { name: "Model" });
    await user.click(field);
    expect(await screen.findByRole("option", { name: /claude-fable-5-2/ })).toBeVisible();
    await user.type(field, "my-own{Enter}");
    expect(getLastEdit()).toEqual(["model", "my-own"]);
    await user.clear(field);
    await user.keyboard("claude");
    const option = await screen.findByRole("option", { name: /claude-fable-5-2/ });
    expect(option).toHaveTextContent("64,000 tokens");
    expect(option).not.toHaveTextContent("Claude Fable 5.2");
    expect(screen.getByRole("option", { name: /claude-sonnet-4-5-20250929/ })).toHaveTextContent(
      "Claude Sonnet 4.5",
    );
    await user.keyboard("{ArrowDown}{Enter}");
    expect(getLastEdit()).toEqual(["model", "claude-fable-5-2"]);
  });
});
