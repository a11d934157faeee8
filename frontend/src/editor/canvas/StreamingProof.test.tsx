import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { graphStore } from "../../graph/store";
import { createGraph, createNode, trigger } from "../../testing/flow";
import { renderPart } from "../../testing/render";
import { StreamingProof } from "./StreamingProof";

test.each([
  ["http.trigger", "Does not stream."],
  ["schedule.trigger", "Starts by itself."],
  ["chat.feedback_trigger", "Starts with feedback."],
])("a flow that begins with %s is told as what it is", (type, words) => {
  const { analysis } = graphStore.getState();
  const streaming = { streams: false, text: "The run keeps the result.", node: null };
  graphStore.setState({
    graph: createGraph([createNode("t", { ...trigger, type })]),
    analysis: { ...analysis, streaming },
  });
  renderPart(<StreamingProof />);
  expect(screen.getByText(words).closest("p")).toHaveTextContent(`${words} The run keeps the result.`);
});
