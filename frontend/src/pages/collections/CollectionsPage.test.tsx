import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { createCollection, createConnection } from "../../testing/data";
import { createMe, openApp } from "../../testing/render";
import { type Answers, createRefusal, serveAnswers } from "../../testing/server";

function open(answers: Answers, role: "admin" | "viewer" = "admin") {
  const asked = serveAnswers({
    "GET me": createMe(role),
    "GET connections": { connections: [] },
    ...answers,
  });
  return { asked, ...openApp("/collections") };
}

test("without a collection the page says what one is for, and makes the first with the built-in embedder", async () => {
  const { user, asked } = open({
    "GET collections": { collections: [] },
    "POST collections": createCollection(),
    "GET collections/k1": createCollection(),
    "GET collections/k1/documents": { documents: [] },
  });
  expect(await screen.findByRole("heading", { name: "Give flows something to read" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "New collection" }));
  expect(screen.getByText(/Works offline and compares words, not meaning/)).toBeVisible();
  expect(screen.getByLabelText("Name")).toHaveAttribute("maxlength", "100");
  await user.type(screen.getByLabelText("Name"), "Manuals");
  await user.click(screen.getByRole("button", { name: "Create collection" }));
  expect(await screen.findByRole("heading", { name: "Manuals" })).toBeVisible();
  expect(asked).toContainEqual({ call: "POST collections", body: { name: "Manuals", description: "" } });
});

test("an embedder of a connection needs its model", async () => {
  const voyage = createConnection({ id: "v1", name: "Voyage embeddings", kind: "voyage" });
  const { user, asked } = open({
    "GET collections": { collections: [] },
    "GET connections": { connections: [createConnection(), voyage] },
    "GET connections/v1/models": { models: [] },
    "POST collections": createRefusal(422, {
      code: "invalid",
      message: "Voyage has no such model.",
      field: "embedder.model",
    }),
  });
  await user.click(await screen.findByRole("button", { name: "New collection" }));
  const embedder = screen.getByLabelText("Embedder");
  expect(
    within(embedder)
      .getAllByRole("option")
      .map((option) => option.textContent),
  ).toEqual(["Built-in (lexical)", "Voyage embeddings"]);
  await user.type(screen.getByLabelText("Name"), "Manuals");
  await user.selectOptions(embedder, "Voyage embeddings");
  expect(screen.getByRole("button", { name: "Create collection" })).toHaveAttribute("aria-disabled", "true");
  await user.type(screen.getByLabelText("Model"), "voyage-0");
  await user.click(screen.getByRole("button", { name: "Create collection" }));
  expect(await screen.findByText("Voyage has no such model.")).toBeVisible();
  expect(asked.at(-1)?.body).toMatchObject({
    embedder: { kind: "voyage", connection: "v1", model: "voyage-0" },
  });
});

test("each collection is shown with its embedder and its figures", async () => {
  open({ "GET collections": { collections: [createCollection({ documents: 3, chunks: 1204 })] } });
  const row = (await screen.findByRole("link", { name: "Manuals" })).closest("tr");
  expect(row).toHaveTextContent("What the installers read");
  expect(row).toHaveTextContent("Built-in (lexical)256 dimensions31,204");
});

test("a collection in use cannot be deleted, and what uses it is a link", async () => {
  const used_by = [{ kind: "flow" as const, id: "f1", name: "Night desk" }];
  const { user, asked } = open({ "GET collections": { collections: [createCollection({ used_by })] } });
  await user.click(await screen.findByRole("button", { name: "More for Manuals" }));
  await user.click(screen.getByRole("menuitem", { name: /^Delete\s*Used by 1 flow$/ }));
  const dialog = within(screen.getByRole("alertdialog"));
  expect(dialog.getByRole("link", { name: "Night desk" })).toHaveAttribute("href", "/flows/f1");
  const remove = dialog.getByRole("button", { name: "Delete collection" });
  expect(remove).toHaveAccessibleDescription("It cannot be deleted now.");
  await user.click(remove);
  expect(asked.map(({ call }) => call)).not.toContain("DELETE collections/k1");
});

test("a collection that came into use meanwhile is not deleted, and the reason is said", async () => {
  const message = "Manuals is used by Night desk.";
  const { user } = open({
    "GET collections": { collections: [createCollection()] },
    "DELETE collections/k1": createRefusal(409, { code: "collection_in_use", message }),
  });
  await user.click(await screen.findByRole("button", { name: "More for Manuals" }));
  await user.click(screen.getByRole("menuitem", { name: "Delete" }));
  expect(screen.getByText(/with its 1 document is deleted/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Delete collection" }));
  expect(await screen.findByText(message)).toBeVisible();
});

test("a collection in use is renamed by keys, and a name that is taken is said at its field", async () => {
  let taken = true;
  const used_by = [{ kind: "flow" as const, id: "f1", name: "Night desk" }];
  const refusal = createRefusal(422, { code: "name_taken", message: "There is one already.", field: "name" });
  const { user, asked } = open({
    "GET collections": { collections: [createCollection({ used_by })] },
    "PATCH collections/k1": () => (taken ? refusal : createCollection({ used_by, name: "Guides" })),
  });
  (await screen.findByRole("button", { name: "More for Manuals" })).focus();
  await user.keyboard("{Enter}");
  await user.keyboard("{Enter}");
  const name = screen.getByLabelText("Name");
  expect(name).toHaveFocus();
  expect(name).toHaveAccessibleDescription("Used by 1 flow. Flows follow the new name.");
  await user.clear(name);
  expect(screen.getByRole("button", { name: "Save" })).toHaveAccessibleDescription(
    "Give the collection a name.",
  );
  await user.keyboard("Guides");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("There is one already.")).toBeVisible();
  expect(name).toBeInvalid();
  taken = false;
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(asked).toContainEqual({
    call: "PATCH collections/k1",
    body: { name: "Guides", description: "What the installers read" },
  });
});

test("a viewer sees the collections and changes none", async () => {
  open({ "GET collections": { collections: [createCollection()] } }, "viewer");
  expect(await screen.findByRole("link", { name: "Manuals" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "New collection" })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "More for Manuals" })).not.toBeInTheDocument();
});

test("collections that cannot be fetched can be asked for again", async () => {
  let works = false;
  const { user } = open({
    "GET collections": () =>
      works
        ? { collections: [createCollection()] }
        : createRefusal(500, { code: "internal", message: "Something went wrong on the server." }),
  });
  expect(await screen.findByText("The collections cannot be shown")).toBeVisible();
  works = true;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("link", { name: "Manuals" })).toBeVisible();
});
