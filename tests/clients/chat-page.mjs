/**
 * A page with `useChat` of the AI SDK, as another site would have it. It is bundled for the tests in a browser.
 *
 * The address of the page says in its hash what it needs, as JSON: `api`, the address of the flow's chats, `key`, and the
 * `id` of the chat.
 */
import { useChat } from "@ai-sdk/react";
import { DefaultChatTransport } from "ai";
import { createElement as h, useState } from "react";
import { createRoot } from "react-dom/client";

const { api, key, id } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const headers = { Authorization: `Bearer ${key}` };
const transport = new DefaultChatTransport({ api, headers });

function Chat() {
  const { messages, status, error, sendMessage, regenerate } = useChat({ id, transport, resume: true });
  const [prompt, setPrompt] = useState("");
  return h(
    "main",
    null,
    messages.map((message) => h("article", { key: message.id, "aria-label": message.role }, readText(message))),
    h("output", { "aria-label": "Status" }, status),
    error && h("p", { role: "alert" }, error.message),
    h("textarea", { "aria-label": "Prompt", value: prompt, onChange: (event) => setPrompt(event.target.value) }),
    h("button", { onClick: () => sendMessage({ text: prompt }) }, "Send"),
    h("button", { onClick: () => regenerate() }, "Regenerate"),
    h("button", { onClick: () => fetch(`${api}/${id}/stop`, { method: "POST", headers }) }, "Stop"),
  );
}

function readText({ parts }) {
  return parts.filter(({ type }) => type === "text").map(({ text }) => text).join("");
}

createRoot(document.getElementById("root")).render(h(Chat));
