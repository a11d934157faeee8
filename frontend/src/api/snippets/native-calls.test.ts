import { expect, test } from "vitest";
import { buildCallAddress, buildCallCommand, type CallFormName, callForms } from "../call-command";
import { buildNativeCall } from "./native-calls";

const forms = Object.keys(callForms) as CallFormName[];
const body = { prompt: 'It\'s "now" \\ 水\n""' };

test.each(forms)("a program in C# for %s has the address, the key, what it accepts and the body", (form) => {
  const code = buildNativeCall("csharp", { flow: "f1", form, body, key: "mr_live_1" });
  const { accept } = callForms[form];
  expect(code).toContain(`new HttpRequestMessage(HttpMethod.Post, "${buildCallAddress("f1", form)}")`);
  expect(code).toContain('new AuthenticationHeaderValue("Bearer", "mr_live_1")');
  expect(code).toContain('Encoding.UTF8, "application/json"');
  expect(code.includes("request.Headers.Accept")).toBe(accept !== null);
  if (accept !== null) expect(code).toContain(`request.Headers.Accept.ParseAdd("${accept}");`);
  expect(code).toContain("HttpCompletionOption.ResponseHeadersRead");
});

test("the body of a program in C# is the JSON as it is, between three quotes that no JSON has", () => {
  const code = buildNativeCall("csharp", { flow: "f1", form: "lines", body, key: null });
  const [, raw, ...more] = code.split('"""');
  expect(JSON.parse(raw ?? "")).toEqual(body);
  expect(more).toHaveLength(1);
  expect(code).toContain('Environment.GetEnvironmentVariable("API_KEY")!');
});

test("without another language, a call is the command of curl", () => {
  const call = { flow: "f1", form: "events", body } as const;
  const command = buildNativeCall("curl", { ...call, key: null });
  expect(command).toBe(buildCallCommand({ ...call, key: "$API_KEY" }));
});
