import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ProtocolName } from "../snippets/protocols";
import { answerForms, readRefusalBody } from "./answer-forms";
import { FrameCutter } from "./frames";

/** What the server writes of the recorded runs, in each protocol. */
function readRun(run: string, form: ProtocolName, file: string) {
  const cutter = new FrameCutter("events");
  const body = readFileSync(`../tests/runs/protocols/${run}.${file}.sse`, "utf8");
  let text = "";
  let error: string | undefined;
  for (const frame of [...cutter.push(body), ...cutter.end()]) {
    const content = answerForms[form].read(frame, text);
    text += content.text ?? "";
    error ??= content.error;
  }
  return { text, error };
}

const files: [ProtocolName, string][] = [
  ["openai", "openai_chat"],
  ["responses", "openai_responses"],
  ["anthropic", "anthropic_messages"],
  ["aiSdk", "ai_sdk"],
  ["agUi", "ag_ui"],
  ["mcp", "mcp"],
];

test.each(files)("of a recorded run, the answer of %s is its text", (form, file) => {
  expect(readRun("cited", form, file).text).toBe(readRun("cited", "openai", "openai_chat").text);
  expect(readRun("cited", form, file).text).not.toBe("");
});

test.each(files)("of a run that failed in the middle, the answer of %s says why", (form, file) => {
  expect(readRun("failed_in_the_middle", form, file).error).toBe("The answer ended early. Try again.");
});

test.each([
  ["events", 'event: item\ndata: {"type":"item","text":"Hi"}\nid: 3', { text: "Hi" }],
  ["events", 'data: {"type":"run.failed","message":"No.","hint":"Wait."}', { error: "No. Wait." }],
  ["lines", '{"type":"item","kind":"thinking","value":"Hm"}', {}],
  ["array", '["Hi"', { text: "Hi" }],
  ["array", ',{"a":1}', { text: '{"a":1}' }],
  ["array", ',{"error":{"message":"No."}}', { error: "No." }],
  ["array", "]", {}],
  ["run", '{"text":"Hi","error":null}', { text: "Hi" }],
] as const)("a frame of %s is read", (form, frame, content) => {
  expect(answerForms[form].read(frame, "")).toEqual(content);
});

test.each([
  ['{"error":{"code":"no","message":"No.","hint":"Wait."}}', "No. Wait."],
  ['{"type":"error","error":{"type":"overloaded_error","message":"No."}}', "No."],
  ['{"message":"No.","code":"no"}', "No."],
  ["No.", "No."],
  ["", null],
])("the refusal %s is read in the shape of its protocol", (body, sentence) => {
  expect(readRefusalBody(body)).toBe(sentence);
});
