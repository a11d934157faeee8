import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { createCollection, createDocument } from "../../testing/data";
import { createMe, openApp } from "../../testing/render";
import { type Answers, createRefusal, serveAnswers } from "../../testing/server";
import { stubUploads } from "../../testing/upload";
import { useUploads } from "./documents/uploads";

beforeEach(() => useUploads.setState({ uploads: [] }));

function open(answers: Answers = {}, role: "editor" | "viewer" = "editor") {
  const requests = stubUploads();
  const asked = serveAnswers({
    "GET me": createMe(role),
    "GET collections": { collections: [createCollection()] },
    "GET collections/k1": createCollection(),
    "GET collections/k1/documents": { documents: [createDocument()] },
    "GET collections/k1/fields": { fields: [] },
    ...answers,
  });
  return { asked, requests, ...openApp("/collections/k1") };
}

const text = (name: string, content = "E41 means a sensor.") => new File([content], name);

function rowOf(name: string): HTMLElement {
  const row = screen.getByText(name).closest("tr");
  if (!row) throw new Error(`There is no row for ${name}.`);
  return row;
}

test("an upload shows how much has gone, then the document as it is indexed, then that it is ready", async () => {
  let documents = [createDocument()];
  const { user, requests } = open({ "GET collections/k1/documents": () => ({ documents }) });
  await screen.findByText("hp-9.md");
  await user.upload(screen.getByLabelText("Documents to upload"), text("codes.txt", "x".repeat(4000)));
  act(() => requests[0]?.progress(1000));
  expect(screen.getByRole("progressbar", { name: "Uploading codes.txt" })).toHaveAttribute(
    "aria-valuenow",
    "25",
  );
  expect(requests[0]?.call).toBe("POST collections/k1/documents");

  const indexing = createDocument({ id: "d2", name: "codes.txt", status: "indexing", done: 3, total: 12 });
  documents = [indexing, createDocument()];
  act(() => requests[0]?.answer(202, indexing));
  expect(await screen.findByRole("progressbar", { name: "Indexing codes.txt" })).toBeVisible();
  expect(screen.getByText("3 of 12 chunks")).toBeVisible();
  expect(screen.getAllByText("codes.txt")).toHaveLength(1);

  documents = [createDocument({ id: "d2", name: "codes.txt" }), createDocument()];
  await waitFor(() => expect(rowOf("codes.txt")).toHaveTextContent("Ready"), { timeout: 3000 });
});

test("a file that is refused says why and what to do, and the next one goes on", async () => {
  const { user, requests } = open();
  await screen.findByText("hp-9.md");
  const input = screen.getByLabelText("Documents to upload");
  await user.upload(input, [text("locked.pdf"), text("codes.txt")]);
  expect(rowOf("codes.txt")).toHaveTextContent("Waiting");
  act(() =>
    requests[0]?.answer(422, {
      error: { code: "encrypted_pdf", message: "The PDF is encrypted.", hint: "Save it without a password." },
    }),
  );
  expect(await screen.findByText("The PDF is encrypted. Save it without a password.")).toBeVisible();
  await waitFor(() => expect(requests[1]?.file?.name).toBe("codes.txt"));
  await user.click(screen.getByRole("button", { name: "Remove from the list: locked.pdf" }));
  expect(screen.queryByText("locked.pdf")).not.toBeInTheDocument();
});

test("dropped files are uploaded, and what cannot be read is refused before it is sent", async () => {
  const { requests } = open({ "GET collections/k1/documents": { documents: [] } });
  const ground = await screen.findByRole("heading", { name: "No documents yet" });
  const dataTransfer = { types: ["Files"], files: [text("photo.png"), text("codes.md")], dropEffect: "" };
  fireEvent.dragEnter(ground, { dataTransfer });
  expect(screen.getByText("Drop to upload")).toBeVisible();
  fireEvent.drop(ground, { dataTransfer });
  expect(rowOf("photo.png")).toHaveTextContent(
    "This kind of file is not read. Upload a .txt, .md, .html or .pdf file.",
  );
  expect(requests.map(({ file }) => file?.name)).toEqual(["codes.md"]);
});

test("an upload that is stopped is gone", async () => {
  const { user, requests } = open();
  await screen.findByText("hp-9.md");
  await user.upload(screen.getByLabelText("Documents to upload"), text("codes.txt"));
  expect(requests).toHaveLength(1);
  await user.click(screen.getByRole("button", { name: "Stop the upload: codes.txt" }));
  await waitFor(() => expect(screen.queryByText("codes.txt")).not.toBeInTheDocument());
});

test("a document that could not be indexed says why beside it", async () => {
  const error = { code: "no_text", message: "The PDF holds no text.", hint: "Upload one with a text layer." };
  open({ "GET collections/k1/documents": { documents: [createDocument({ status: "failed", error })] } });
  await screen.findByText("hp-9.md");
  expect(rowOf("hp-9.md")).toHaveTextContent(
    "Not indexedThe PDF holds no text. Upload one with a text layer.",
  );
});

test("a document that was not read whole says so and is ready", async () => {
  const warnings = [{ code: "pages_without_text", message: "Page 2 holds no text." }];
  open({ "GET collections/k1/documents": { documents: [createDocument({ warnings })] } });
  await screen.findByText("hp-9.md");
  expect(rowOf("hp-9.md")).toHaveTextContent("Ready, but read thisPage 2 holds no text.");
});

test("what a flow has saved is told from what was uploaded", async () => {
  const saved = createDocument({
    id: "d2",
    name: "ticket 17",
    media_type: "text/plain",
    context: "ticket 17",
  });
  open({ "GET collections/k1/documents": { documents: [saved, createDocument()] } });
  await screen.findByText("hp-9.md");
  expect(rowOf("hp-9.md")).toHaveTextContent("Markdown, 4.1 KB");
  expect(rowOf("ticket 17")).toHaveTextContent("Saved by a flow, 4.1 KB");
});

test("a document is deleted after it was asked", async () => {
  const { user, asked } = open({ "DELETE collections/k1/documents/d1": undefined });
  await user.click(await screen.findByRole("button", { name: "Delete hp-9.md" }));
  await user.click(screen.getByRole("button", { name: "Delete document" }));
  expect(await screen.findByText("Searches no longer find hp-9.md.")).toBeVisible();
  expect(asked.map(({ call }) => call)).toContain("DELETE collections/k1/documents/d1");
});

test("a search shows scores, texts and where they come from", async () => {
  const { user, asked } = open({
    "POST collections/k1/search": {
      results: [
        {
          text: "E41 means a sensor, E411 a pump.",
          score: 0.8123,
          document: "hp-9.md",
          metadata: { page: 3 },
          matches: ["E41"],
        },
        { text: "水车靠水流转动", score: 0.4, document: "zh.txt", metadata: {}, matches: ["水流"] },
        { text: "A fault of a probe.", score: 0.3, document: "b.txt", metadata: {}, matches: [] },
      ],
      took_ms: 4,
      unknown_fields: [],
    },
  });
  await user.click(await screen.findByRole("tab", { name: "Try a search" }));
  await user.type(screen.getByLabelText("Search text"), "What is E41?");
  await user.keyboard("{Enter}");
  const results = within(screen.getByRole("region", { name: "Results" }));
  expect(await results.findByText("0.812")).toBeVisible();
  expect(results.getByText("3 chunks in 4 ms")).toBeVisible();
  expect(results.getByText("hp-9.md")).toBeVisible();
  expect(results.getByText("page: 3")).toBeVisible();
  expect(
    results.getAllByText((_, element) => element?.tagName === "MARK").map((mark) => mark.textContent),
  ).toEqual(["E41", "水流"]);
  expect(results.getByText("Matches: E41")).toBeVisible();
  expect(results.getByText("Shares no word; found by its meaning.")).toBeVisible();
  expect(asked.at(-1)?.body).toEqual({ text: "What is E41?", top: 5, filter: "" });
});

test("the fields that documents have are offered, and a filter with another one is told", async () => {
  const { user } = open({
    "GET collections/k1/fields": {
      fields: [
        { name: "document", example: "hp-9.md" },
        { name: "page", example: 3 },
      ],
    },
    "POST collections/k1/search": { results: [], took_ms: 4, unknown_fields: ["year"] },
  });
  await user.click(await screen.findByRole("tab", { name: "Try a search" }));
  const filter = screen.getByLabelText(/^Filter/);
  await waitFor(() => expect(filter).toHaveAccessibleDescription("Fields: document, page"));
  expect(filter).toHaveAttribute("placeholder", "page == 3");
  await user.type(screen.getByLabelText("Search text"), "E41");
  await user.type(filter, "year == 2020{Enter}");
  expect(
    await screen.findByText(/Nothing fits: no document has the field “year” of the filter/),
  ).toBeVisible();
});

test("a figure that is none is told at its field and not sent", async () => {
  const { user, asked } = open();
  await user.click(await screen.findByRole("tab", { name: "Try a search" }));
  await user.type(screen.getByLabelText("Search text"), "E41{Tab}{Backspace}0");
  await user.click(screen.getByRole("button", { name: "Search" }));
  expect(screen.getByLabelText("Top")).toHaveAccessibleDescription("Top is a whole number from 1 to 100.");
  expect(asked.map(({ call }) => call)).not.toContain("POST collections/k1/search");
});

test("a search that is refused says so beside its field", async () => {
  const { user } = open({
    "POST collections/k1/search": createRefusal(422, {
      code: "invalid",
      message: "A filter compares one field with a value.",
      field: "filter",
    }),
  });
  await user.click(await screen.findByRole("tab", { name: "Try a search" }));
  await user.type(screen.getByLabelText("Search text"), "E41{Enter}");
  expect(await screen.findByText("A filter compares one field with a value.")).toBeVisible();
});

test("a viewer reads and searches, and changes nothing", async () => {
  open({}, "viewer");
  await screen.findByText("hp-9.md");
  expect(screen.queryByRole("button", { name: "Upload documents" })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Delete hp-9.md" })).not.toBeInTheDocument();
});

test("a collection that is gone leads to all of them", async () => {
  const { user } = open({
    "GET collections/k1": createRefusal(404, { code: "not_found", message: "There is no such collection." }),
  });
  await screen.findByText("This collection does not exist");
  await user.click(screen.getByRole("link", { name: "All collections" }));
  expect(await screen.findByRole("heading", { name: "Collections" })).toBeVisible();
});
