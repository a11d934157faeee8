import { screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { countMessages, emptyFigures } from "../run/figures";
import { showRun, shownRunStore } from "../run/store";
import { createItemEvent } from "../testing/run-events";
import { renderPart } from "../testing/render";
import { RunFacts } from "./RunFacts";

const counts = {
  ...{ node: "stream", message_id: "m", model: "m", input_tokens: 3, cache_read_input_tokens: 0 },
  ...{ cache_creation_input_tokens: 0, ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  ...{ web_search_requests: 0 },
};

afterEach(() => showRun(null, null));

test("the pace of an ended run is told in tokens, as the model counted them, and not in messages", () => {
  showRun("r", null);
  const figures = countMessages(emptyFigures, [
    { ...counts, seq: 1, ms: 400, type: "answer.started", output_tokens: 1 },
    createItemEvent(2, 900, "One message."),
    {
      ...{ ...counts, seq: 3, ms: 2_400, type: "usage" as const, output_tokens: 116 },
      ...{ stop_reason: "end_turn", first_message_ms: 400 },
    },
  ]);
  const { state } = shownRunStore.getState();
  shownRunStore.setState({ figures, state: { ...state, status: "completed", items: 1, duration_ms: 2_400 } });
  renderPart(<RunFacts />);
  expect(screen.getByText("Tokens/s").nextSibling).toHaveTextContent(/^58$/);
  expect(screen.getByText("Messages").nextSibling).toHaveTextContent(/^1$/);
  expect(screen.queryByText("Messages/s")).not.toBeInTheDocument();
});
