import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderPart } from "../testing/render";
import { type Answers, createRefusal, serveAnswers } from "../testing/server";
import { ConversationDrawer } from "./ConversationDrawer";

const row = { id: "c1", name: "", question: "What is a weir?", updated_at: "2026-11-02T08:00:00Z" };
const refused = createRefusal(503, { code: "draining", message: "The server is restarting." });

function open(answers: Answers) {
  let rows = [row];
  const asked = serveAnswers({
    "GET chat/desk/conversations": () => ({ conversations: rows }),
    "PATCH chat/desk/conversations/c1": (sent: unknown) => {
      rows = [{ ...row, ...(sent as { name: string }) }];
      return rows[0];
    },
    "DELETE chat/desk/conversations/c1": () => {
      rows = [];
      return undefined;
    },
    ...answers,
  });
  return { asked, ...renderPart(<ConversationDrawer address="desk" onClose={vi.fn()} />) };
}

test("a chat is renamed by keys, and the focus is on it then", async () => {
  const { user } = open({});
  await user.click(await screen.findByRole("button", { name: "Rename What is a weir?" }));
  await user.clear(screen.getByLabelText("Name of the chat"));
  await user.keyboard("Weirs{Enter}");
  await waitFor(() => expect(screen.getByRole("button", { name: "Weirs" })).toHaveFocus());
});

test("Escape loses nothing of a name that was changed; Cancel does, and the focus is on the chat", async () => {
  const { user } = open({});
  await user.click(await screen.findByRole("button", { name: "Rename What is a weir?" }));
  await user.keyboard(" And more{Escape}");
  expect(screen.getByLabelText("Name of the chat")).toHaveValue("What is a weir? And more");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(screen.getByRole("button", { name: "What is a weir?" })).toHaveFocus();
});

test("a name that the server does not take stays in its field, and this is said", async () => {
  const { user } = open({ "PATCH chat/desk/conversations/c1": refused });
  await user.click(await screen.findByRole("button", { name: "Rename What is a weir?" }));
  await user.keyboard(" And more{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("The chat was not renamed. Try again.");
  expect(screen.getByLabelText("Name of the chat")).toHaveValue("What is a weir? And more");
});

test("the focus stays in the list when a chat is kept, and when it is deleted", async () => {
  const { user } = open({});
  await user.click(await screen.findByRole("button", { name: "Delete What is a weir?" }));
  await user.click(screen.getByRole("button", { name: "Keep" }));
  expect(screen.getByRole("button", { name: "What is a weir?" })).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "Delete What is a weir?" }));
  await user.keyboard("{Enter}");
  expect(await screen.findByText("No chats yet.")).toBeVisible();
  expect(screen.getByRole("list", { name: "List of chats" })).toHaveFocus();
});

test("a chat that the server does not delete is told", async () => {
  const { user } = open({ "DELETE chat/desk/conversations/c1": refused });
  await user.click(await screen.findByRole("button", { name: "Delete What is a weir?" }));
  await user.keyboard("{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("Not deleted.");
  expect(screen.getByRole("button", { name: "What is a weir?" })).toBeVisible();
});
