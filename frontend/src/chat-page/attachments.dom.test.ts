import { beforeEach, describe, expect, it } from "vitest";
import type { FileRules } from "../api/types";
import { serveAnswers } from "../testing/server";
import { stubUploads } from "../testing/upload";
import { attachFiles, attachmentStore, detachFile, isUploading, takeFiles } from "./attachments";

const rules: FileRules = {
  kinds: "images",
  max_files: 2,
  max_image_bytes: 1_000,
  max_pdf_bytes: 1_000,
  max_text_bytes: 1_000,
  max_question_bytes: 2_000,
};
const stored = { id: "f1", name: "mill.png", media_type: "image/png", bytes: 4 };

function createPicture(name = "mill.png"): File {
  return new File(["mill"], name, { type: "image/png" });
}

function getItems() {
  return attachmentStore.getState().items;
}

describe("the files of the next question", () => {
  beforeEach(() => attachmentStore.setState({ items: [], news: "" }));

  it("uploads a file at once, tells its progress, and gives it to the question", async () => {
    const uploads = stubUploads();
    await attachFiles("desk", [createPicture()], rules);
    expect(uploads[0]?.call).toBe("POST chat/desk/files");
    expect(isUploading(attachmentStore.getState())).toBe(true);
    uploads[0]?.progress(3);
    expect(getItems()[0]?.sent).toBe(3);
    uploads[0]?.answer(201, stored);
    await expect.poll(() => isUploading(attachmentStore.getState())).toBe(false);
    expect(takeFiles()).toEqual([stored]);
    expect(getItems()).toEqual([]);
  });

  it("shows a file that it does not send, with the reason, and sends the others", async () => {
    const uploads = stubUploads();
    const drawing = new File(["<svg/>"], "mill.svg", { type: "image/svg+xml" });
    await attachFiles("desk", [drawing, createPicture()], rules);
    expect(uploads).toHaveLength(1);
    expect(getItems().map(({ refusal }) => refusal?.message)).toEqual([
      "This chat does not take such a file.",
      undefined,
    ]);
  });

  it("counts no refused file, and refuses one too many", async () => {
    stubUploads();
    await attachFiles(
      "desk",
      [createPicture("a.png"), createPicture("b.png"), createPicture("c.png")],
      rules,
    );
    expect(getItems().map(({ refusal }) => refusal === null)).toEqual([true, true, false]);
    expect(attachmentStore.getState().news).toContain("c.png is not added. A question may have 2 files.");
  });

  it("tells why the server refuses a file", async () => {
    const uploads = stubUploads();
    await attachFiles("desk", [createPicture()], rules);
    uploads[0]?.answer(422, {
      error: { code: "x", message: "No.", hint: "Choose another.", request_id: "r" },
    });
    await expect.poll(() => getItems()[0]?.refusal).toEqual({ message: "No.", hint: "Choose another." });
    expect(takeFiles()).toEqual([]);
  });

  it("deletes a removed file, and cancels one that is uploaded", async () => {
    const calls = serveAnswers({ "DELETE chat/desk/files/f1": undefined });
    const uploads = stubUploads();
    await attachFiles("desk", [createPicture(), createPicture("other.png")], rules);
    uploads[0]?.answer(201, stored);
    await expect.poll(() => getItems()[0]?.file).toEqual(stored);
    for (const item of getItems()) detachFile("desk", item);
    expect(calls.map(({ call }) => call)).toEqual(["DELETE chat/desk/files/f1"]);
    expect(getItems()).toEqual([]);
  });
});
