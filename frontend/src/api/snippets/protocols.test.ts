import { expect, test } from "vitest";
import { buildProtocolAddress, buildSnippet, languages, type ProtocolName, protocols } from "./protocols";

const names = Object.keys(protocols) as ProtocolName[];
const cases = names.flatMap((name) => languages.map(({ value }) => [name, value] as const));

test.each(cases)("the code of %s in %s names the flow, what is asked and the key", (name, language) => {
  const prompt = 'It\'s "now" \\ 水';
  const code = buildSnippet(name, language, { flow: "night-desk", prompt, key: "mr_live_1" });
  expect(code).toContain("night-desk");
  expect(code).toContain("mr_live_1");
  expect(code).not.toContain("API_KEY");
  expect(code).toContain("水");
});

test.each(cases)("without a key, the code of %s in %s reads it from the environment", (name, language) => {
  const code = buildSnippet(name, language, { flow: "night-desk", prompt: "Hi", key: null });
  const sources = {
    curl: "$API_KEY",
    python: 'os.environ["API_KEY"]',
    typescript: "process.env.API_KEY",
    csharp: 'Environment.GetEnvironmentVariable("API_KEY")!',
  };
  expect(code).toContain(sources[language]);
});

test("a client is given the address that it adds its own paths to", () => {
  expect(names.map((name) => buildProtocolAddress(name, "night-desk"))).toEqual([
    "http://localhost:3000/v1",
    "http://localhost:3000/v1",
    "http://localhost:3000",
    "http://localhost:3000/api/v1/flows/night-desk/ui",
    "http://localhost:3000/api/v1/flows/night-desk/ag-ui",
  ]);
});

test.each([
  ["openai", 'new Uri("http://localhost:3000/v1")', 'new ApiKeyCredential("mr_live_1")'],
  ["responses", 'new Uri("http://localhost:3000/v1")', 'new ApiKeyCredential("mr_live_1")'],
  ["anthropic", 'BaseUrl = "http://localhost:3000"', 'ApiKey = "mr_live_1"'],
  ["aiSdk", '"http://localhost:3000/api/v1/flows/night-desk/ui"', '"Bearer", "mr_live_1"'],
  ["agUi", '"http://localhost:3000/api/v1/flows/night-desk/ag-ui"', '"Bearer", "mr_live_1"'],
] as const)(
  "the program in C# for %s has the address and the key where its client takes them",
  (name, ...said) => {
    const code = buildSnippet(name, "csharp", { flow: "night-desk", prompt: "Hi", key: "mr_live_1" });
    for (const line of said) expect(code).toContain(line);
  },
);
