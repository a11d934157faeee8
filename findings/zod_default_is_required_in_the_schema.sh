#!/usr/bin/env bash
# zod 4.6.7 and AI SDK 6.0.326: the same schema says that a property with a default is required, or that it is not.
#
# Seen: for an object with "limit" of default 5, z.toJSONSchema() lists limit as required. The AI SDK, which takes the
# same zod object, sends a schema in which it is optional.
# Expected: not required, as in pydantic. zod describes the value after parsing unless it is asked for the input (io:
# "input").
# Who meets it: a tool that is declared once with zod and offered to a model in two ways. By the first way the model
# must invent a limit, and the default is never used; tests of the second way do not show it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >npm.log
timeout 120 npm install --no-audit --no-fund zod@4.6.7 ai@6.0.326 >>npm.log
cat >check.mjs <<'JS'
import assert from "node:assert/strict";
import { asSchema } from "ai";
import { z } from "zod";

const search = z.object({ query: z.string(), limit: z.number().default(5) });
const ofZod = z.toJSONSchema(search).required;
const ofInput = z.toJSONSchema(search, { io: "input" }).required;
const ofSdk = (await asSchema(search).jsonSchema).required;
console.log({ "z.toJSONSchema": ofZod, "with io: input": ofInput, "AI SDK": ofSdk });
assert.deepEqual(ofZod, ["query", "limit"]);
assert.deepEqual(ofInput, ["query"]);
assert.deepEqual(ofSdk, ["query"]);
JS
timeout 30 node check.mjs
