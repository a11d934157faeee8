import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderPart } from "../testing/render";
import { emptyAnswer } from "./answer";
import type { Turn } from "./conversation";
import { QuestionForm } from "./QuestionForm";

const turn: Turn = {
  ...{ key: "k", prompt: "What is a weir?", files: [], run: "r", answer: emptyAnswer },
  ...{ rating: null, comment: "", refusal: null, question: null },
};

function open() {
  const onCancel = vi.fn();
  return { onCancel, ...renderPart(<QuestionForm turn={turn} onSend={vi.fn()} onCancel={onCancel} />) };
}

test("Escape leaves a question that is as it was", async () => {
  const { user, onCancel } = open();
  await user.keyboard("{Escape}");
  expect(onCancel).toHaveBeenCalledOnce();
});

test("Escape loses nothing of a question that was changed; Cancel does", async () => {
  const { user, onCancel } = open();
  await user.type(screen.getByRole("textbox", { name: "Question" }), " And a leat?{Escape}");
  expect(onCancel).not.toHaveBeenCalled();
  expect(screen.getByRole("textbox", { name: "Question" })).toHaveValue("What is a weir? And a leat?");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(onCancel).toHaveBeenCalledOnce();
});
