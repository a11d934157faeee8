import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { expect, test } from "vitest";

/** The project's own rules. Those that need types are left out, for a planted text has none. */
const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });

async function listRules(filePath: string, text: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

test.each([
  ["src/ui/controls/Planted.tsx", "../../api/client"],
  ["src/api/planted.ts", "../graph/document"],
  ["src/graph/planted.ts", "../run/store"],
  ["src/saving/planted.ts", "../run/session"],
  ["src/run/planted.ts", "../graph/store"],
  ["src/run/planted.ts", "../ui/format"],
  ["src/run-panel/Planted.tsx", "../editor/layout"],
  ["src/pages/flows/Planted.tsx", "../connections/ConnectionTable"],
  ["src/pages/resource/Planted.tsx", "../flows/FlowTable"],
  ["src/editor/Planted.tsx", "../app/routes"],
  ["src/editor/Planted.tsx", "../pages/flows/FlowTable"],
  ["src/editor/canvas/Planted.tsx", "../palette/Palette"],
  ["src/editor/canvas/Planted.tsx", "../commands/CommandMenu"],
  ["src/editor/properties/Planted.tsx", "../canvas/Canvas"],
  ["src/app/Planted.tsx", "../graph/store"],
  ["src/run/planted.ts", "../testing/data"],
])("%s may not import %s", async (file, target) => {
  expect(await listRules(file, `import "${target}";\n`)).toContain("import-x/no-restricted-paths");
});

test.each([
  ["src/graph/planted.ts", "../api/types"],
  ["src/graph/planted.test.ts", "../testing/flow"],
  ["src/editor/properties/Planted.tsx", "../canvas/card/ActionIcon"],
  ["src/editor/Planted.tsx", "../run-panel/RunPanel"],
])("%s may import %s", async (file, target) => {
  expect(await listRules(file, `import "${target}";\n`)).toEqual([]);
});

test.each(["react", "zustand", "@xyflow/react", "./planted.css"])(
  "only the hooks of graph, saving and run import %s",
  async (library) => {
    const text = `import "${library}";\n`;
    for (const room of ["graph", "saving", "run"]) {
      expect(await listRules(`src/${room}/planted.ts`, text)).toContain("no-restricted-imports");
      expect(await listRules(`src/${room}/usePlanted.ts`, text)).not.toContain("no-restricted-imports");
    }
  },
);

test("the graph knows no browser page", async () => {
  expect(await listRules("src/graph/planted.ts", "document.title = localStorage.title;\n")).toEqual([
    "no-restricted-globals",
    "no-restricted-globals",
  ]);
});

test("modules do not import each other in a circle", async () => {
  const text = 'import { canConnect } from "./rules";\nexport const planted = canConnect;\n';
  expect(await listRules("src/graph/document.ts", text)).toContain("import-x/no-cycle");
});
