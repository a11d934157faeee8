import { describe, expect, it } from "vitest";
import { splitSentences } from "./sentences";

describe("the spoken answer", () => {
  it("grows by whole sentences, each with an identity that stays", () => {
    const before = splitSentences("One. Two is lon", true);
    expect(before.map(({ words }) => words)).toEqual(["One."]);
    const after = splitSentences("One. Two is longer. ", true);
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.words).toBe("Two is longer.");
  });

  it("ends with what has no full stop", () => {
    expect(splitSentences("One. And more", false).map(({ words }) => words)).toEqual(["One.", "And more"]);
  });

  it("keeps the identity of a sentence when the beginning of a long text goes", () => {
    const long = "A sentence of thirty characters. ".repeat(60);
    const ids = new Set(splitSentences(long, true).map(({ at }) => at));
    const later = splitSentences(`${long}One more. `, true);
    expect(later.slice(0, -1).every(({ at }) => ids.has(at))).toBe(true);
  });
});
