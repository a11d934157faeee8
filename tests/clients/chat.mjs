/**
 * Asks a flow with one of the clients that speak a protocol, and prints what its user sees as lines of JSON.
 *
 * `node chat.mjs CLIENT OPTIONS`, JSON: `url` of the server, `key`, `flow` by its address, `prompt`, and for a chat its
 * `id`, and `call`. Each piece of the answer is a line `{"text": …}`; the last line says how it ended.
 */
import { HttpAgent } from "@ag-ui/client";
import { AbstractChat, DefaultChatTransport } from "ai";
import OpenAI from "openai";

const [client, given] = process.argv.slice(2);
const { url, key, flow, prompt, id, call } = JSON.parse(given);

function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

async function askOpenAI() {
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  const asked = { model: flow, messages: [{ role: "user", content: prompt }], stream: true };
  const stream = await openai.chat.completions.create({ ...asked, stream_options: { include_usage: true } });
  let finish = null;
  let usage = null;
  for await (const chunk of stream) {
    const [choice] = chunk.choices;
    finish = choice?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
    if (choice?.delta.content) print({ text: choice.delta.content, id: chunk.id });
    if (call === "leave" && choice?.delta.content) stream.controller.abort();
  }
  print({ finish, usage });
}

async function askForResponse() {
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  const stream = openai.responses.stream({ model: flow, input: prompt });
  for await (const event of stream) {
    if (event.type === "response.output_text.delta") print({ text: event.delta });
    if (event.type === "response.created") print({ id: event.response.id });
    if (event.type === "response.failed") print({ failed: event.response.error.code });
    if (call === "leave" && event.type === "response.output_text.delta") stream.controller.abort();
  }
  const { output_text: text, status, usage } = await stream.finalResponse();
  print({ whole: text, status, usage });
}

/** What a page keeps of a chat. Each piece of the answer is printed when the page would draw it. */
class ShownChat {
  messages = [];
  status = "ready";
  error = undefined;
  shown = 0;
  snapshot = (thing) => structuredClone(thing);
  popMessage() {
    this.messages.pop();
  }
  pushMessage(message) {
    this.messages.push(message);
    this.show(message);
  }
  replaceMessage(index, message) {
    this.messages[index] = message;
    this.show(message);
  }
  show({ role, id, parts }) {
    const text = parts.filter(({ type }) => type === "text").map((part) => part.text).join("");
    if (role === "assistant" && text.length > this.shown) print({ text: text.slice(this.shown), id });
    if (role === "assistant") this.shown = text.length;
  }
}

class Chat extends AbstractChat {}

async function askWithAiSdk() {
  const state = new ShownChat();
  const api = `${url}/api/v1/flows/${flow}/ui`;
  const headers = { Authorization: `Bearer ${key}` };
  const ends = [];
  const onFinish = ({ isAbort, isDisconnect, isError, finishReason }) =>
    ends.push({ isAbort, isDisconnect, isError, finishReason });
  const chat = new Chat({ id, state, transport: new DefaultChatTransport({ api, headers }), onFinish });
  if (call === "resume") await chat.resumeStream();
  else await chat.sendMessage({ text: prompt });
  if (call === "regenerate") {
    print({ regenerates: true });
    state.shown = 0;
    await chat.regenerate();
  }
  const { status, error, messages } = chat;
  const last = messages.at(-1);
  const parts = (last?.role === "assistant" ? last.parts : []).map(({ type }) => type);
  print({ status, error: error?.message ?? null, metadata: last?.metadata ?? null, count: messages.length, parts, ends });
}

/** What a page of AG-UI hears. */
async function runAgent() {
  const agent = new HttpAgent({
    url: `${url}/api/v1/flows/${flow}/ag-ui`,
    headers: { Authorization: `Bearer ${key}` },
    threadId: id,
    initialMessages: [{ id: "1", role: "user", content: prompt }],
  });
  const { result, newMessages } = await agent.runAgent({}, {
    onRunStartedEvent: ({ event }) => print({ id: event.metadata.run, thread: event.threadId }),
    onTextMessageContentEvent: ({ event }) => {
      print({ text: event.delta });
      if (call === "leave") agent.abortRun();
    },
    onReasoningMessageContentEvent: ({ event }) => print({ thinking: event.delta }),
    onCustomEvent: ({ event }) => print({ name: event.name, value: event.value }),
    onRunErrorEvent: ({ event }) => print({ failed: event.code, message: event.message }),
    onRunFinishedEvent: ({ event, outcome, pendingToolCallIds }) =>
      print({ outcome, usage: event.usage, pending: pendingToolCallIds }),
  });
  const messages = newMessages.map(({ role, content, toolCalls }) => ({ role, content, toolCalls }));
  print({ messages, result: result ?? null });
}

try {
  await { openai: askOpenAI, responses: askForResponse, ai: askWithAiSdk, agent: runAgent }[client]();
} catch (error) {
  print({ error: error.message, status: error.status ?? null, code: error.code ?? null });
}
