import { screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { createFlowRow } from "../../../testing/data";
import { createNode } from "../../../testing/flow";
import { createAction } from "../../../testing/property";
import { createMe, renderPart } from "../../../testing/render";
import { serveAnswers } from "../../../testing/server";
import { graphStore } from "../../../graph/store";
import { CallFlow } from "./CallFlow";

beforeEach(() => {
  graphStore.setState({ flow: "f1" });
  serveAnswers({
    "GET me": createMe("editor"),
    "GET flows/f1": createFlowRow(),
    "GET api-keys": { api_keys: [] },
  });
});

function open(type: string) {
  const action = { ...createAction([]), type, role: "trigger" as const };
  return renderPart(<CallFlow node={createNode("t", action)} action={action} />);
}

test.each([
  ["chat.completion_trigger", "Call this flow", null],
  ["http.trigger", "Call this flow", null],
  ["schedule.trigger", "Start it by a call, too", /^The schedule starts the published flow/],
  ["chat.feedback_trigger", "Start it by a call, too", /^Visitors who rate an answer/],
])("beside %s it says what starts the flow", async (type, heading, words) => {
  open(type);
  expect(await screen.findByRole("heading", { name: heading })).toBeVisible();
  if (words) expect(screen.getByText(words)).toBeVisible();
  else expect(screen.queryByText(/nobody has to call it/)).toBeNull();
});
