import { expect, it } from "vitest";
import { rankGroups, rankTitle } from "./rank-title";

it("puts the title that begins with the typed words first, whichever group it is in", () => {
  const groups = [
    { name: "Commands", items: ["Redo", "Undo", "Run"] },
    { name: "Nodes", items: ["Under the fold", "Und"] },
  ];
  const found = rankGroups(groups, (title: string) => rankTitle("und", title));
  expect(found).toEqual([
    { name: "Nodes", items: ["Und", "Under the fold"] },
    { name: "Commands", items: ["Undo"] },
  ]);
});
