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
  expect(code.includes("request.Headers.Add(")).toBe(accept !== null);
  if (accept !== null) expect(code).toContain(`request.Headers.Add("Accept", "${accept}");`);
  expect(code).toContain("HttpCompletionOption.ResponseHeadersRead");
});

test("the body of a program in C# is a text that holds the JSON, without an end of a line", () => {
  const odd = { prompt: `${body.prompt}\u2028\u0085` };
  const code = buildNativeCall("csharp", { flow: "f1", form: "lines", body: odd, key: null });
  const [, text = ""] = /var body = (".*");/.exec(code) ?? [];
  expect(JSON.parse(JSON.parse(text) as string)).toEqual(odd);
  expect(code).not.toMatch(/[\u2028\u0085]/);
  expect(code).toContain('Environment.GetEnvironmentVariable("API_KEY")');
});

test("without another language, a call is the command of curl", () => {
  const call = { flow: "f1", form: "events", body } as const;
  const command = buildNativeCall("curl", { ...call, key: null });
  expect(command).toBe(buildCallCommand({ ...call, key: "$API_KEY" }));
});
