import { screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { useStore } from "zustand";
import { renderPart } from "../testing/render";
import { createRefusal, serveAnswers } from "../testing/server";
import { emptyAnswer } from "./answer";
import { AnswerActions } from "./AnswerActions";
import { conversationStore, type Turn } from "./conversation";

const rated: Turn = {
  ...{ key: "k", prompt: "What is a weir?", files: [], run: "r1", answer: emptyAnswer },
  ...{ rating: "bad", comment: "", refusal: null, question: null },
};

function LastTurn() {
  const turn = useStore(conversationStore, ({ turns }) => turns.at(-1));
  return turn ? <AnswerActions turn={turn} isLast /> : null;
}

beforeEach(() => conversationStore.setState({ address: "desk", turns: [rated] }));

test("a remark that was not sent stays in its field, and this is said", async () => {
  const refused = createRefusal(503, { code: "draining", message: "The server is restarting." });
  serveAnswers({ "PUT chat/desk/runs/r1/rating": refused });
  const { user } = renderPart(<LastTurn />);
  await user.type(screen.getByLabelText("What was wrong?"), "Too long{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("It was not sent. Send it again.");
  expect(screen.getByLabelText("What was wrong?")).toHaveValue("Too long");
});
