import { describe, expect, it } from "vitest";
import type { FileRules } from "../api/types";
import { describeRules, getAcceptedTypes, judgeFile } from "./file-rules";

const rules: FileRules = {
  kinds: "all",
  max_files: 3,
  max_image_bytes: 1_000,
  max_pdf_bytes: 5_000,
  max_text_bytes: 500,
  max_question_bytes: 6_000,
};
const images: FileRules = { ...rules, kinds: "images" };

function judge(name: string, type: string, size: number, before: number[] = [], by = rules) {
  const found = judgeFile(
    { name, type, size },
    before.map((bytes) => ({ bytes })),
    by,
  );
  return found && `${found.message} ${found.hint ?? ""}`.trim();
}

describe("the files of a question", () => {
  it("takes what the flow takes", () => {
    expect(judge("a.png", "image/png", 1_000)).toBeNull();
    expect(judge("a.pdf", "application/pdf", 5_000, [1_000])).toBeNull();
    expect(judge("A.MD", "", 500)).toBeNull();
    expect(judge("a.webp", "image/webp", 1, [], images)).toBeNull();
  });

  it.each([
    ["a.svg", "image/svg+xml", 10, [], "This chat does not take such a file."],
    ["a.html", "text/html", 10, [], "This chat does not take such a file."],
    ["a.png", "image/png", 0, [], "The file is empty."],
    ["a.png", "image/png", 1_001, [], "The file has 1,001 bytes. 1,000 bytes are allowed."],
    ["a.txt", "text/plain", 10, [1, 1, 1], "A question may have 3 files. Remove one first."],
    ["a.pdf", "application/pdf", 4_000, [2_001], "Together the files have 5.9 KB. 5.9 KB are allowed."],
  ])("refuses %s of %s with %d bytes in words", (name, type, size, before, words) => {
    expect(judge(name, type, size, before)).toContain(words);
  });

  it("refuses documents where a flow takes images alone", () => {
    expect(judge("a.pdf", "application/pdf", 10, [], images)).toBe(
      "This chat does not take such a file. It takes PNG, JPEG, GIF or WebP images.",
    );
    expect(getAcceptedTypes(images)).toBe("image/png,image/jpeg,image/gif,image/webp");
  });

  it("says the limits before anything is sent", () => {
    expect(describeRules(images)).toBe(
      "Up to 3 files, 5.9 KB together: PNG, JPEG, GIF or WebP images of up to 1,000 bytes.",
    );
    expect(describeRules(rules)).toContain("PDF of up to 4.9 KB, texts (.txt, .md, .csv, .json)");
  });
});
