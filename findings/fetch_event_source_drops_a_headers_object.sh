#!/usr/bin/env bash
# @microsoft/fetch-event-source 2.0.1: a Headers object is sent as no headers at all, the key included.
#
# Seen: with headers: new Headers({Authorization: "Bearer k"}) the request carries no Authorization. A plain object is
# sent. With the plain object {Accept: "application/json"} the request carries "application/json, text/event-stream",
# because the library adds its own lower-case accept and fetch joins the two.
# Expected: the same as fetch(), which takes a Headers object and replaces Accept by what was given.
# Who meets it: a browser client that moves from fetch() to this library for its stream, and whose headers come from a
# shared function. In JavaScript nothing warns; the server answers 401 with a key that works elsewhere.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >npm.log
timeout 120 npm install --no-audit --no-fund @microsoft/fetch-event-source@2.0.1 >>npm.log
cat >check.mjs <<'JS'
import assert from "node:assert/strict";
import http from "node:http";
import { fetchEventSource } from "@microsoft/fetch-event-source";

globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
globalThis.window = globalThis;

const seen = [];
const server = http.createServer((request, response) => {
  seen.push({ authorization: request.headers.authorization, accept: request.headers.accept });
  response.writeHead(200, { "content-type": "text/event-stream" }).end("data: hello\n\n");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${server.address().port}/`;
const key = { Authorization: "Bearer k" };
for (const headers of [key, new Headers(key), { Accept: "application/json" }]) {
  await fetchEventSource(url, { headers, openWhenHidden: true });
}
console.log("plain object:  ", seen[0].authorization);
console.log("Headers object:", seen[1].authorization);
console.log("own Accept:    ", seen[2].accept);
assert.equal(seen[0].authorization, "Bearer k");
assert.equal(seen[1].authorization, undefined);
assert.equal(seen[2].accept, "application/json, text/event-stream");
process.exit(0);
JS
timeout 30 node check.mjs
