#!/usr/bin/env bash
# @ag-ui/client 1.0.0 (Node.js): a run that fails does not reject the promise of `runAgent()`.
#
# Seen: after the events RUN_STARTED, half a text and RUN_ERROR, `await agent.runAgent()` resolves as after a good run.
# Its result has the half text among `newMessages` and no word of the failure; only a subscriber with `onRunErrorEvent`
# hears of it. A refusal by HTTP status, without any event, does reject.
# Expected: a failed run rejects, before and after its first words, as a refused one does.
# Who meets it: whoever awaits a run of a chat backend and shows what came as the answer: half an answer counts as whole.
# Pages must watch `onRunErrorEvent`; a backend that can still choose should answer a failure before the first word by a
# status.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
timeout 200 npm install --silent --no-audit --no-fund @ag-ui/client@1.0.0
cat >run.mjs <<'JS'
import assert from "node:assert/strict";
import http from "node:http";
import { HttpAgent } from "@ag-ui/client";

const text = [
  { type: "TEXT_MESSAGE_START", messageId: "m", role: "assistant" },
  { type: "TEXT_MESSAGE_CONTENT", messageId: "m", delta: "Half an ans" },
  { type: "TEXT_MESSAGE_END", messageId: "m" },
];
const NAMED = ["RUN_STARTED", "RUN_FINISHED"];
const endings = {
  "/good": [...text, { type: "RUN_FINISHED" }],
  "/failed": [...text, { type: "RUN_ERROR", message: "The model went away.", code: "upstream" }],
};

const server = http.createServer(async (request, response) => {
  const given = JSON.parse((await request.toArray()).join(""));
  const events = endings[request.url];
  if (!events) return response.writeHead(503, { "content-type": "application/json" }).end('{"message": "Later."}');
  response.writeHead(200, { "content-type": "text/event-stream" });
  const named = { threadId: given.threadId, runId: given.runId };
  for (const event of [{ type: "RUN_STARTED" }, ...events]) {
    response.write(`data: ${JSON.stringify(NAMED.includes(event.type) ? { ...named, ...event } : event)}\n\n`);
  }
  response.end();
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));

async function run(path) {
  const agent = new HttpAgent({ url: `http://127.0.0.1:${server.address().port}${path}`, threadId: "t" });
  agent.addMessage({ id: "u", role: "user", content: "Hello" });
  const heard = [];
  const subscriber = { onRunErrorEvent: ({ event }) => void heard.push(event.message) };
  const told = console.error;
  console.error = () => undefined; // the client writes refusals there too
  try {
    const { newMessages } = await agent.runAgent({}, subscriber);
    return { promise: "resolved", texts: newMessages.map(({ content }) => content), heard };
  } catch (error) {
    return { promise: "rejected", texts: [], heard };
  } finally {
    console.error = told;
  }
}

const seen = { good: await run("/good"), failed: await run("/failed"), refused: await run("/refused") };
for (const [name, what] of Object.entries(seen)) console.log(name.padEnd(8), JSON.stringify(what));
server.close();
assert.deepEqual(seen.failed, { promise: "resolved", texts: ["Half an ans"], heard: ["The model went away."] });
assert.deepEqual(seen.good, { promise: "resolved", texts: ["Half an ans"], heard: [] });
assert.equal(seen.refused.promise, "rejected");
JS
timeout 60 node run.mjs
