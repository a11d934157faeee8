import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Session } from "../api/types";
import { openConversation, resetConversation } from "../run/conversation";
import { renderPart } from "../testing/render";
import { serveAnswers } from "../testing/server";
import { SessionChip } from "./SessionChip";

const last_run = { id: "r", status: "completed" as const, started_at: "2026-11-02T08:00:00Z" };

function open(sessions: Session[]) {
  const asked = serveAnswers({
    "GET flows/f1/sessions": () => ({ sessions }),
    "PATCH flows/f1/sessions": (sent: unknown) => {
      sessions[0] = { ...sessions[0], ...(sent as Pick<Session, "session_id" | "name">) } as Session;
      return undefined;
    },
  });
  openConversation("s1");
  return { asked, ...renderPart(<SessionChip flow="f1" onOpen={vi.fn()} />) };
}

afterEach(resetConversation);

test("the shown session is given a name by keys, which its chip and the list show", async () => {
  const session = { session_id: "s1", name: "", question: "When does it open?", runs: 2, last_run };
  const { user, asked } = open([session]);
  await user.click(await screen.findByRole("button", { name: "session s1" }));
  await user.click(await screen.findByRole("menuitem", { name: "Name session" }));
  expect(screen.getByLabelText("Name")).toHaveFocus();
  await user.keyboard("Opening hours{Enter}");
  const chip = await screen.findByRole("button", { name: "Opening hours" });
  expect(asked).toContainEqual({
    call: "PATCH flows/f1/sessions",
    body: { session_id: "s1", name: "Opening hours" },
  });
  await waitFor(() => expect(chip).toHaveFocus());
  await user.keyboard("{Enter}");
  expect(await screen.findByRole("menuitemradio", { name: /^Opening hours/ })).toBeVisible();
});

test("Escape asks before it discards the name that was typed", async () => {
  const { user } = open([{ session_id: "s1", name: "", question: "When does it open?", runs: 2, last_run }]);
  await user.click(await screen.findByRole("button", { name: "session s1" }));
  await user.click(await screen.findByRole("menuitem", { name: "Name session" }));
  await user.keyboard("Opening hours{Escape}");
  expect(screen.getByText("Discard what you typed?")).toBeVisible();
  await user.keyboard("{Escape}");
  expect(screen.getByLabelText("Name")).toHaveValue("Opening hours");
});

test("a session that has not begun yet is not named", async () => {
  const { user } = open([]);
  await user.click(await screen.findByRole("button", { name: "session s1" }));
  expect(await screen.findByRole("menuitem", { name: /New session/ })).toBeVisible();
  expect(screen.queryByRole("menuitem", { name: "Name session" })).not.toBeInTheDocument();
});
