#!/usr/bin/env bash
# openai 3.57.0 (Python): the stream helper joins role, call id and tool name when a server repeats them in each
# chunk.
#
# Seen: two chunks that both carry id "call_1" and name "find" become the call "call_1call_1" of the tool "findfind",
# and the role becomes "assistantassistant". There is no error. The helper of the npm package openai 6.49.0 gives
# "call_1", "find" and "assistant" for the same stream.
# Expected: only content and arguments are joined, because the other fields have one value for the whole message.
# Who meets it: servers that speak the OpenAI format often repeat these fields. A backend that offers its flows on
# such an address, or calls a server of that kind, gets calls of tools that do not exist. Send role, id and name once,
# in the first chunk.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check openai==3.57.0
timeout 30 venv/bin/python - <<'PY'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import openai


def write_chunk(delta: dict, finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def write_call(arguments: str) -> bytes:
    call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "find", "arguments": arguments}}
    return write_chunk({"role": "assistant", "tool_calls": [call]})


class Server(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self.wfile.write(write_call('{"word":') + write_call('"tea"}') + write_chunk({}, "tool_calls") + b"data: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = openai.OpenAI(api_key="k", base_url=f"http://127.0.0.1:{server.server_port}/v1")
with client.chat.completions.stream(model="m", messages=[{"role": "user", "content": "Find tea"}]) as stream:
    message = stream.get_final_completion().choices[0].message
call = message.tool_calls[0]
print("role:", message.role, " id:", call.id, " name:", call.function.name, " arguments:", call.function.arguments)
assert (message.role, call.id, call.function.name) == ("assistantassistant", "call_1call_1", "findfind")
assert call.function.arguments == '{"word":"tea"}'
PY
