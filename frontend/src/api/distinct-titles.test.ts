import { expect, test } from "vitest";
import { giveDistinctTitles } from "./distinct-titles";

test("a name that several have is followed by the beginning of its id", () => {
  const items = [
    { id: "aaaaaaaa-1", name: "Chat" },
    { id: "bbbbbbbb-2", name: "Chat" },
    { id: "cccccccc-3", name: "Desk" },
  ];
  expect(giveDistinctTitles(items).map(({ title }) => title)).toEqual([
    "Chat (aaaaaaaa)",
    "Chat (bbbbbbbb)",
    "Desk",
  ]);
});
