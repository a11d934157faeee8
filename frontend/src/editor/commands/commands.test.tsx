import { ReactFlowProvider } from "@xyflow/react";
import { screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Flow } from "../../api/types";
import { closeFlow, openFlow, graphStore, select } from "../../graph/store";
import { createNode, createGraph, step } from "../../testing/flow";
import { renderPart } from "../../testing/render";
import { changeCanvasUi, resetCanvasUi } from "../canvas/ui-store";
import { allCommands } from "./all-commands";
import { CardMenu } from "./CardMenu";
import type { EditorCommand, EditorTools } from "./command";
import { CommandMenu } from "./CommandMenu";
import { formatKeys } from "./shortcuts";
import { ShortcutSheet } from "./ShortcutSheet";
import { EditorToolsContext } from "./useEditorTools";
import { useKeyboard } from "./useKeyboard";

const doNothing = () => undefined;
const tools = {
  actions: new Map([[step.type, step]]),
  autosave: { flush: () => Promise.resolve(true) },
  runControls: { run: () => Promise.resolve(), stop: () => Promise.resolve() },
  view: {},
  focusPaletteSearch: doNothing,
  openCommandMenu: doNothing,
  openShortcutSheet: doNothing,
} as unknown as EditorTools;

function Keyboard() {
  useKeyboard(tools);
  return null;
}

function renderWithTools(part: React.ReactNode) {
  return renderPart(
    <ReactFlowProvider>
      <EditorToolsContext value={tools}>
        <Keyboard />
        {part}
      </EditorToolsContext>
    </ReactFlowProvider>,
  );
}

/** Replaces what the command does, and lets it be performed. */
function watch(command: EditorCommand) {
  vi.spyOn(command, "enabled").mockReturnValue(true);
  return vi.spyOn(command, "perform").mockImplementation(doNothing);
}

/** A press of the keys, as user-event writes it: `{Control>}{Shift>}z{/Shift}{/Control}`. */
function writePress(keys: string): string {
  const parts = keys.split(/\+(?=.)/);
  const key = parts.at(-1) ?? "";
  const names: Record<string, string> = { mod: "Control", alt: "Alt", shift: "Shift" };
  const held = parts.slice(0, -1).map((part) => names[part] ?? part);
  const pressed = key === "[" ? "[[" : key.startsWith("arrow") ? `{Arrow${key.slice(5)}}` : key;
  const named = pressed.length > 1 && !/^[{[]/.test(pressed) ? `{${pressed}}` : pressed;
  return [...held.map((each) => `{${each}>}`), named, ...held.map((each) => `{/${each}}`)].join("");
}

beforeEach(() => {
  const graph = createGraph([createNode("save", step), createNode("yield", step)]);
  openFlow({ id: "f", graph, revision: 1, analysis: graphStore.getState().analysis } as Flow, false);
  select(["save"]);
});
afterEach(() => {
  vi.restoreAllMocks();
  closeFlow();
  resetCanvasUi();
});

const named = (commands: readonly EditorCommand[]) => commands.map((each) => [each.id, each] as const);
const withKeys = allCommands.filter(({ keys }) => keys.length > 0);
const inMenu = allCommands.filter(({ readsKey, id }) => !readsKey && id !== "openCommandMenu");
const onCards = inMenu.filter(({ scope }) => scope === "selection");

describe("a command can be reached", () => {
  test.each(named(withKeys))("by its keys: %s", async (_, command) => {
    const perform = watch(command);
    const { user } = renderWithTools(null);
    for (const keys of command.keys) await user.keyboard(writePress(keys));
    expect(perform).toHaveBeenCalledTimes(command.keys.length);
  });

  test.each(named(withKeys))("in the shortcut sheet: %s", (_, command) => {
    renderWithTools(<ShortcutSheet onClose={doNothing} />);
    const line = screen.getByText(command.title).parentElement;
    expect(line).toHaveTextContent(formatKeys(command.keys[0] ?? ""));
  });

  test.each(named(inMenu))("in the command menu: %s", async (_, command) => {
    const perform = watch(command);
    const { user } = renderWithTools(<CommandMenu onClose={doNothing} />);
    await user.click(screen.getByRole("option", { name: new RegExp(`^${command.title}`) }));
    await vi.waitFor(() => expect(perform).toHaveBeenCalledOnce());
  });

  test.each(named(onCards))("in the card menu: %s", async (_, command) => {
    const perform = watch(command);
    changeCanvasUi({ cardMenu: { x: 0, y: 0 } });
    const { user } = renderWithTools(<CardMenu />);
    const title = command.getCardTitle?.() ?? command.title;
    await user.click(screen.getByRole("menuitem", { name: new RegExp(`^${title}`) }));
    expect(perform).toHaveBeenCalledOnce();
  });
});

test("the command menu empties its field at the first Escape, and closes at the next", async () => {
  const close = vi.fn();
  const { user } = renderWithTools(<CommandMenu onClose={close} />);
  const field = screen.getByRole("combobox", { name: "Commands and nodes" });
  await user.type(field, "undo{Escape}");
  expect(field).toHaveValue("");
  await user.keyboard("{Control>}z{/Control}");
  expect(field).toHaveValue("undo");
  await user.keyboard("{Escape}");
  expect(close).not.toHaveBeenCalled();
  await user.keyboard("{Escape}");
  expect(close).toHaveBeenCalledOnce();
});

test("the card menu shows what changes the selected cards", () => {
  changeCanvasUi({ cardMenu: { x: 0, y: 0 } });
  renderWithTools(<CardMenu />);
  const items = within(screen.getByRole("menu")).getAllByRole("menuitem");
  const titles = items.map((item) => item.textContent);
  for (const title of ["Rename", "Duplicate", "Disable", "Delete"])
    expect(titles).toContainEqual(expect.stringMatching(`^${title}`));
});

test("a viewer is offered nothing that changes the flow", () => {
  graphStore.setState({ readOnly: true });
  changeCanvasUi({ cardMenu: { x: 0, y: 0 } });
  renderWithTools(<CardMenu />);
  expect(screen.queryByRole("menuitem")).not.toBeInTheDocument();
});

describe("the commands for cards", () => {
  async function press(keys: string) {
    const { user } = renderWithTools(null);
    await user.keyboard(writePress(keys));
    return graphStore.getState();
  }

  test("duplicate copies the selected card and selects the copy", async () => {
    const { graph, selection } = await press("mod+d");
    expect(graph.nodes).toHaveLength(3);
    expect([...selection]).toEqual([graph.nodes[2]?.id]);
  });

  test("disable disables the card, and its title in the menu becomes Enable", async () => {
    const { graph } = await press("d");
    expect(graph.nodes[0]?.properties.disabled).toBe(true);
    const disable = allCommands.find(({ id }) => id === "disable");
    expect(disable?.getCardTitle?.()).toBe("Enable");
  });

  test("delete removes the card", async () => {
    expect((await press("delete")).graph.nodes.map(({ id }) => id)).toEqual(["yield"]);
  });

  test("Alt with Shift moves the card by the large step", async () => {
    expect((await press("alt+shift+arrowright")).graph.nodes[0]?.position).toEqual({ x: 16, y: 0 });
  });
});
