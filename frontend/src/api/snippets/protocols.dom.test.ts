import { expect, test } from "vitest";
import {
  buildFormRequest,
  buildProtocolAddress,
  buildSnippet,
  listLanguages,
  type ProtocolName,
  protocols,
} from "./protocols";

const names = Object.keys(protocols) as ProtocolName[];
const cases = names.flatMap((name) => listLanguages(name).map(({ value }) => [name, value] as const));
const programs = cases.filter(([, language]) => language !== "config");

test.each(programs)("the code of %s in %s names the flow, what is asked and the key", (name, language) => {
  const prompt = 'It\'s "now" \\ 水';
  const code = buildSnippet(name, language, {
    flow: "night-desk",
    prompt,
    input: { prompt },
    key: "mr_live_1",
  });
  expect(code).toContain("night-desk");
  expect(code).toContain("mr_live_1");
  expect(code).not.toContain("API_KEY");
  expect(code).toContain("水");
});

test.each(cases)("without a key, the code of %s in %s reads it from the environment", (name, language) => {
  const code = buildSnippet(name, language, {
    flow: "night-desk",
    prompt: "Hi",
    input: { prompt: "Hi" },
    key: null,
  });
  const sources = {
    config: "${API_KEY}",
    curl: "$API_KEY",
    python: 'os.environ["API_KEY"]',
    typescript: "process.env.API_KEY",
    csharp: 'Environment.GetEnvironmentVariable("API_KEY")',
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
    "http://localhost:3000/mcp",
  ]);
});

test("the configuration of a client is JSON with the address and the key", () => {
  const call = { flow: "night-desk", prompt: "Hi", input: {}, key: "mr_live_1" };
  expect(JSON.parse(buildSnippet("mcp", "config", call))).toEqual({
    mcpServers: {
      millrace: {
        type: "http",
        url: "http://localhost:3000/mcp",
        headers: { Authorization: "Bearer mr_live_1" },
      },
    },
  });
});

test("what a tool is given is written as Python writes it", () => {
  const input = { urgent: true, note: null, counts: [1, 2.5], name: "Ås" };
  const code = buildSnippet("mcp", "python", { flow: "order", prompt: "", input, key: null });
  expect(code).toContain('{"urgent": True, "note": None, "counts": [1, 2.5], "name": "Ås"}');
});

test.each(names)("what is tried of %s is what its programs send", (name) => {
  const input = { prompt: "Hi" };
  const request = buildFormRequest(name, "night-desk", input);
  const code = buildSnippet(name, "csharp", { flow: "night-desk", prompt: "Hi", input, key: null });
  expect(code).toContain(JSON.stringify(request.address));
  expect(code).toContain(JSON.stringify(JSON.stringify(request.body)));
  for (const [header, value] of Object.entries(request.headers))
    expect(code).toContain(`request.Headers.Add("${header}", "${value}");`);
});
