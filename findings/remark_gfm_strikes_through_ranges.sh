#!/usr/bin/env bash
# react-markdown 10.1.0 with remark-gfm 4.0.1: two ranges that are written with a tilde in one sentence strike out the
# words between them.
#
# Seen: "Delivery takes 3~5 days, or 5~7 days by sea." is shown with "5 days, or 5" struck out, and both tildes are
# gone.
# Expected: the text as it is. The mark that people know for struck-out text has two tildes on each side.
# Who meets it: people in East Asia write ranges with a tilde, and models answer in the same way. While an answer
# streams, the first range looks right; it is struck out when the second one arrives. The option singleTilde: false
# turns it off.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >npm.log
timeout 120 npm install --no-audit --no-fund react@19.3.1 react-dom@19.3.1 react-markdown@10.1.0 remark-gfm@4.0.1 >>npm.log
cat >check.mjs <<'JS'
import assert from "node:assert/strict";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";

const render = (text, options = {}) =>
  renderToStaticMarkup(createElement(Markdown, { remarkPlugins: [[remarkGfm, options]] }, text));
const text = "Delivery takes 3~5 days, or 5~7 days by sea.";
console.log("one range:          ", render(text.slice(0, 23)));
console.log("two ranges:         ", render(text));
console.log("singleTilde: false: ", render(text, { singleTilde: false }));
assert.equal(render(text.slice(0, 23)), "<p>Delivery takes 3~5 days</p>");
assert.equal(render(text), "<p>Delivery takes 3<del>5 days, or 5</del>7 days by sea.</p>");
assert.equal(render(text, { singleTilde: false }), `<p>${text}</p>`);
JS
timeout 30 node check.mjs
