#!/usr/bin/env bash
# http-proxy 1.18.1: when a reader leaves a stream, the connection to the server behind stays open, and the stream
# goes on.
#
# Seen: the reader goes after three events. Behind http-proxy the server is not told, while it writes twenty more
# events. Behind http-proxy-middleware 3.0.11, which is built on a successor of it, the server sees the close within
# the same time.
# Expected: the proxy closes its side when the reader has closed.
# Who meets it: many development servers and small gateways of Node use this package. A backend that stops a model
# when its reader leaves works without the proxy; behind it each closed tab leaves a model that generates, and is paid
# for, to the end.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >npm.log
timeout 120 npm install --no-audit --no-fund http-proxy@1.18.1 http-proxy-middleware@3.0.11 >>npm.log
cat >check.mjs <<'JS'
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import httpProxy from "http-proxy";
import { createProxyMiddleware } from "http-proxy-middleware";

async function listen(handler) {
  const server = http.createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

/** Serve a stream; tell whether its reader's leaving was seen before twenty more events were written. */
async function isCloseSeen(createHandler) {
  let finish;
  const finished = new Promise((resolve) => (finish = resolve));
  const target = await listen((request, response) => {
    let events = 0;
    response.writeHead(200, { "content-type": "text/event-stream" });
    const timer = setInterval(() => {
      response.write(`data: ${++events}\n\n`);
      if (events === 23) finish(false);
    }, 50);
    response.on("close", () => (clearInterval(timer), finish(true)));
  });
  const reader = http.get(await listen(createHandler(target)), (response) => {
    let events = 0;
    response.on("error", () => {});
    response.on("data", () => ++events === 3 && reader.destroy());
  });
  reader.on("error", () => {});
  return finished;
}

const direct = await isCloseSeen((target) => (request, response) => {
  const upstream = http.get(target, (answer) => answer.pipe(response));
  response.on("close", () => upstream.destroy());
  upstream.on("error", () => {});
});
const old = await isCloseSeen((target) => {
  const proxy = httpProxy.createProxyServer({ target });
  return (request, response) => proxy.web(request, response);
});
const successor = await isCloseSeen((target) => createProxyMiddleware({ target }));
console.log({ "ten lines of Node": direct, "http-proxy": old, "http-proxy-middleware": successor });
assert.deepEqual([direct, old, successor], [true, false, true]);
process.exit(0);
JS
timeout 30 node check.mjs
