#!/usr/bin/env bash
# openapi-typescript 7.13.0: a property of a request that has a default must be given by the caller.
#
# Seen: "stream" is not listed as required and has the default false. The generated type has stream: boolean, and
# TypeScript 5.9.3 refuses the body {prompt: "Hello"} because stream is missing.
# Expected: stream?: boolean in a request. The server fills the default in, so that the property is certain in an
# answer, not in a question.
# Who meets it: a backend whose framework writes defaults into its schema. A new optional setting breaks the build of
# each typed client. The option --default-non-nullable=false gives the expected type, for answers too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >npm.log
timeout 120 npm install --no-audit --no-fund openapi-typescript@7.13.0 typescript@5.9.3 >>npm.log
cat >api.json <<'JSON'
{
  "openapi": "3.1.0",
  "info": {"title": "Runs", "version": "1"},
  "paths": {"/runs": {"post": {
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Run"}}}},
    "responses": {"200": {"description": "The run"}}
  }}},
  "components": {"schemas": {"Run": {
    "type": "object",
    "required": ["prompt"],
    "properties": {"prompt": {"type": "string"}, "stream": {"type": "boolean", "default": false}}
  }}}
}
JSON
cat >call.ts <<'TS'
import type { components } from "./api";
export const body: components["schemas"]["Run"] = { prompt: "Hello" };
TS
cat >check.mjs <<'JS'
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const run = (...command) => spawnSync("npx", ["--no-install", ...command], { encoding: "utf-8" });
run("openapi-typescript", "api.json", "-o", "api.ts");
const type = /Run: (\{[^}]*\})/.exec(readFileSync("api.ts", "utf-8"))[1];
console.log(type);
const { stdout, status } = run("tsc", "--noEmit", "--strict", "--skipLibCheck", "call.ts");
console.log(stdout);
assert.match(type, /stream: boolean/);
assert.notEqual(status, 0);
assert.match(stdout, /Property 'stream' is missing/);
JS
timeout 30 node check.mjs
