import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { RunWarning } from "../../../api/types";
import { renderPart } from "../../../testing/render";
import { showRun, shownRunStore } from "../../../run/store";
import { CardNote } from "./CardNote";

function warn(change: Partial<RunWarning>): RunWarning {
  return {
    ms: 1,
    node: "save",
    code: "not_saved",
    message: "The answer is empty, so nothing is saved.",
    hint: null,
    property: null,
    ...change,
  };
}

function show(warnings: RunWarning[]) {
  showRun("r", null);
  shownRunStore.setState({ state: { ...shownRunStore.getState().state, warnings } });
  return renderPart(<CardNote node="save" state="done" />);
}

test("what a node warns of stands below its card in words, each sentence once", () => {
  const hint = "A caller that wants a memory sends a session_id.";
  show([warn({ hint }), warn({ ms: 2, hint }), warn({ node: "other", message: "Of another node." })]);
  expect(screen.getByText(/^The answer is empty, so nothing is saved\./)).toHaveTextContent(hint);
  expect(screen.queryByText(/Of another node/)).toBeNull();
});

test("what a row of the card says already is not said again", () => {
  const { container } = show([
    warn({ code: "temperature_not_sent", message: "Not sent.", property: "temperature" }),
  ]);
  expect(container.textContent).toBe("");
});
