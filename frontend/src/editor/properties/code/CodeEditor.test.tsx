import { CompletionContext, completionStatus } from "@codemirror/autocomplete";
import { deleteCharBackward } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { act, screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, test, vi } from "vitest";
import type { ScopeVariable } from "../../../api/types";
import { renderPart } from "../../../testing/render";
import { CodeEditor, type CodeEditorProps } from "./CodeEditor";
import { completeExpression, completeJson, completeTemplate } from "./completion";
import { nodeScope } from "./node-scope";

const scope: ScopeVariable[] = [
  {
    name: "request",
    type: "chat_completion_request",
    title: "Trigger",
    node: "t",
    fields: [{ name: "prompt", type: "text", description: "What is asked." }],
  },
];
const tokens = ["@@context", "@@userPrompt"];

function open(value: string, change: Partial<CodeEditorProps> = {}) {
  const onChange = vi.fn();
  const naming = { id: "field", labelledBy: "label", describedBy: undefined, isInvalid: false };
  function Field() {
    const [text, setText] = useState(value);
    const type = (next: string) => {
      onChange(next);
      setText(next);
    };
    return (
      <>
        <span id="label">Prompt</span>
        <button onClick={() => setText("from outside")}>Undo</button>
        <CodeEditor
          {...{ language: "template", naming, scope, tokens, placeholder: "", required: false, large: false }}
          {...{ readOnly: false, caret: null, value: text, onChange: type, ...change }}
        />
      </>
    );
  }
  const { user } = renderPart(<Field />);
  const content = screen.getByRole("textbox", { name: "Prompt" });
  const view = EditorView.findFromDOM(content);
  if (!view) throw new Error("The editor is not there.");
  return { user, view, content, onChange };
}

const classesOf = (text: string) => screen.getByText(text).className;

describe("a template", () => {
  test("shows its replaced parts as such, and an unknown variable as unknown", () => {
    open("From @@context {{ request.prompt }} and {{ nobody.name }}");
    expect(classesOf("@@context")).toBe("segment");
    expect(classesOf("{{ request.prompt }}")).toBe("segment");
    expect(classesOf("{{ nobody.name }}")).toBe("segment unknown");
  });

  test("has parts that are one unit for Delete", () => {
    const { view, onChange } = open("To {{ request.prompt }}");
    view.dispatch({ selection: { anchor: view.state.doc.length } });
    act(() => void deleteCharBackward(view));
    expect(onChange).toHaveBeenLastCalledWith("To ");
  });

  test("has parts that F2 opens, and that close when the caret leaves them", async () => {
    const { user, view, content } = open("To {{ request.prompt }}.");
    act(() => view.focus());
    view.dispatch({ selection: { anchor: 5 } });
    content.focus();
    await user.keyboard("{F2}");
    const { from, to } = view.state.selection.main;
    expect(view.state.sliceDoc(from, to)).toBe("request.prompt");
    expect(classesOf("{{ request.prompt }}")).toBe("segment open");
    view.dispatch({ selection: { anchor: 0 } });
    expect(classesOf("{{ request.prompt }}")).toBe("segment");
  });
});

describe("what can be written next", () => {
  function ask(text: string, source: typeof completeTemplate, explicit = false) {
    const state = EditorState.create({ doc: text, extensions: nodeScope.of({ scope, tokens }) });
    const result = source(new CompletionContext(state, text.length, explicit));
    return result && { from: result.from, labels: result.options.map(({ label }) => label) };
  }
  const paths = ["request", "request.prompt"];

  test.each([
    ["To {{", { from: 5, labels: paths }],
    ["To {{ requ", { from: 6, labels: paths }],
    ["To @@", { from: 3, labels: tokens }],
    ["To @@us", { from: 3, labels: tokens }],
    ["To me", null],
    ["{{ a }} ", null],
  ])("in a template after %s", (text, offered) => expect(ask(text, completeTemplate)).toEqual(offered));

  test("in a template by Ctrl+Space, anywhere", () => {
    expect(ask("To ", completeTemplate, true)).toEqual({ from: 3, labels: [...tokens, ...paths] });
  });

  test.each([
    ["size(requ", { from: 5, labels: paths }],
    ["1 + ", null],
  ])("in an expression after %s", (text, offered) => expect(ask(text, completeExpression)).toEqual(offered));

  test.each([
    ['{"who": "{{ requ', { from: 12, labels: paths }],
    ['{"who": {{', { from: 10, labels: paths }],
    ['{"who": requ', null],
  ])("in JSON after %s", (text, offered) => expect(ask(text, completeJson)).toEqual(offered));

  test.each([
    ['{"who": "{{ req }}"}', '{"who": "{{ request.prompt }}"}'],
    ['{"who": {{ req }}}', '{"who": "{{ request.prompt }}"}'],
  ])("a variable chosen in the JSON %s stands in quotes", (text, after) => {
    const { view } = open(text, { language: "json-template" });
    const place = text.indexOf(" }}");
    const context = new CompletionContext(view.state, place, false);
    const [, option] = completeJson(context)?.options ?? [];
    if (typeof option?.apply !== "function") throw new Error("It cannot be applied.");
    option.apply(view, option, place - 3, place);
    expect(view.state.doc.toString()).toBe(after);
  });

  test("a chosen variable stands in its braces, with those that were there", () => {
    const { view } = open("To {{ req }}!", { language: "json" });
    const context = new CompletionContext(
      EditorState.create({ doc: "To {{ req }}!", extensions: nodeScope.of({ scope, tokens }) }),
      9,
      false,
    );
    const [, option] = completeTemplate(context)?.options ?? [];
    if (typeof option?.apply !== "function") throw new Error("It cannot be applied.");
    option.apply(view, option, 6, 9);
    expect(view.state.doc.toString()).toBe("To {{ request.prompt }}!");
  });
});

test("an editor that takes over a begun expression offers what can follow", async () => {
  open("To {{ requ", { caret: 10 });
  expect(await screen.findByRole("option", { name: /request.prompt/ })).toBeInTheDocument();
});

test("an editor that takes over any other text offers nothing", () => {
  const { view } = open("To you", { caret: 6 });
  expect(completionStatus(view.state)).toBeNull();
});

test("a text that comes from outside is shown and not given back", async () => {
  const { user, view, onChange } = open("mine");
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(view.state.doc.toString()).toBe("from outside");
  expect(onChange).not.toHaveBeenCalled();
});

test("Tab leaves the editor, as it leaves any field", async () => {
  const { user, content, onChange } = open("text");
  content.focus();
  await user.tab();
  expect(content).not.toHaveFocus();
  expect(onChange).not.toHaveBeenCalled();
});

test("an editor that is only read can be reached and says so", () => {
  const { content } = open("text", { readOnly: true });
  expect(content).toHaveAttribute("aria-readonly", "true");
  expect(content).toHaveAttribute("tabindex", "0");
});
