/**
 * Reads one stream with one library and prints each event, or element, as a line of JSON.
 *
 * `node read.mjs READER URL HEADERS BODY`. Headers are JSON; an empty body is a GET. A last line `{"ended": …}` says how
 * it ended: `true`, or the error's message.
 */
import { Readable } from "node:stream";

import { fetchEventSource } from "@microsoft/fetch-event-source";
import { EventSource } from "eventsource";
import { createParser } from "eventsource-parser";
import { chain } from "stream-chain";
import { parser } from "stream-json";
import { streamArray } from "stream-json/streamers/stream-array.js";

const RETRY_MS = 20;
const MAX_REFUSALS = 11;
const ENDS = ["run.completed", "run.failed", "run.cancelled", "run.interrupted"];
const [reader, url, headerText, body] = process.argv.slice(2);
const headers = { ...JSON.parse(headerText), ...(body && { "Content-Type": "application/json" }) };
const request = { method: body ? "POST" : "GET", body: body || undefined };

function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** The library is for browsers: it asks for what Node has under other names. */
function pretendToBeBrowser() {
  globalThis.window = globalThis;
  globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
}

async function readWithFetchEventSource() {
  pretendToBeBrowser();
  let refusals = 0;
  let isEnded = false;
  await fetchEventSource(url, {
    ...request,
    headers,
    onmessage(event) {
      print(JSON.parse(event.data));
      isEnded = ENDS.includes(event.event);
    },
    onclose() {
      if (!isEnded) throw new Error("closed before the end");
    },
    onerror(error) {
      refusals += String(error).includes("content-type");
      if (refusals === MAX_REFUSALS) throw error;
      return RETRY_MS;
    },
  });
}

async function readWithEventSource() {
  const alive = setInterval(() => {}, 1_000); // Node ends while the library only waits to come again
  const source = new EventSource(url, {
    fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers } }),
  });
  await new Promise((resolve) => {
    const take = (event) => {
      print(JSON.parse(event.data));
      if (ENDS.includes(event.type)) resolve();
    };
    for (const type of ["run.started", "item", "message", ...ENDS]) source.addEventListener(type, take);
  });
  source.close();
  clearInterval(alive);
}

async function readWithEventSourceParser() {
  let last = "";
  let isEnded = false;
  while (!isEnded) {
    const events = createParser({
      onEvent(event) {
        print(JSON.parse(event.data));
        last = event.id ?? last;
        isEnded = ENDS.includes(event.event);
      },
      onError(error) {
        print({ parser: error.message });
      },
    });
    try {
      const answer = await fetch(url, { ...request, headers: { ...headers, ...(last && { "Last-Event-ID": last }) } });
      const decoder = new TextDecoder();
      for await (const piece of answer.body) events.feed(decoder.decode(piece, { stream: true }));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
}

async function readWithStreamJson() {
  const answer = await fetch(url, { ...request, headers });
  for await (const { value } of chain([Readable.fromWeb(answer.body), parser(), streamArray()])) print(value);
}

const readers = {
  "fetch-event-source": readWithFetchEventSource,
  eventsource: readWithEventSource,
  "eventsource-parser": readWithEventSourceParser,
  "stream-json": readWithStreamJson,
};
try {
  await readers[reader]();
  print({ ended: true });
} catch (error) {
  print({ ended: error.message });
}
