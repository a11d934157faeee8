import { expect, test } from "vitest";
import { buildCallCommand } from "./call-command";

test("a command names the address, the key, the form and the body", () => {
  const command = buildCallCommand({ flow: "f1", form: "lines", body: { prompt: "Hi" }, key: "$API_KEY" });
  expect(command.split(" \\\n").map((line) => line.trim())).toEqual([
    "curl -N http://localhost:3000/api/v1/flows/f1/stream",
    '-H "Authorization: Bearer $API_KEY"',
    '-H "Content-Type: application/json"',
    '-H "Accept: application/x-ndjson"',
    `-d '{"prompt":"Hi"}'`,
  ]);
});

test("a shell reads nothing in the body as its own", () => {
  const body = { prompt: 'It\'s $HOME `id` \\ "x"' };
  const command = buildCallCommand({ flow: "f1", form: "run", body, key: "$API_KEY" });
  const quoted = command.slice(command.indexOf("-d ") + 3);
  expect(quoted).toBe(`'${JSON.stringify(body).replaceAll("'", "'\\''")}'`);
});
