#!/usr/bin/env bash
# openai 3.57.0 (Python): a streamed response that fails raises nothing, unless the event has a field that the
# documented one has not.
#
# Seen: an event `response.failed`, and after it the documented event `error` with flat `code` and `message`, both come
# out of the iterator as ordinary events; the loop ends as after a good answer. When the data of the last event also
# has an object `error`, the same loop raises APIError with its message. The helper `get_final_response()` raises a
# plain RuntimeError, which is no OpenAIError, after a stream that ended with `response.incomplete`.
# Expected: a failure in the middle of a stream raises, as it does for chat completions; and a cut answer, which is a
# valid end, gives the response that was cut.
# Who meets it: a backend that offers Responses and writes the events as documented, and its users, whose code shows
# half an answer as a whole one. Send the flat fields and a nested `error`; readers should look at the type of events.
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

RESPONSE = {
    "id": "resp_1", "object": "response", "created_at": 1, "model": "m", "output": [], "parallel_tool_calls": True,
    "tool_choice": "auto", "tools": [],
}  # fmt: skip
CREATED = {"type": "response.created", "sequence_number": 0, "response": {**RESPONSE, "status": "in_progress"}}
FAILED = {
    "type": "response.failed",
    "sequence_number": 1,
    "response": {**RESPONSE, "status": "failed", "error": {"code": "server_error", "message": "It broke."}},
}
FLAT = {"type": "error", "sequence_number": 2, "code": "server_error", "message": "It broke.", "param": None}
NESTED = {**FLAT, "error": {"type": "server_error", "code": "server_error", "message": "It broke."}}
INCOMPLETE = {
    "type": "response.incomplete",
    "sequence_number": 1,
    "response": {**RESPONSE, "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
}
EVENTS = {"flat": [CREATED, FAILED, FLAT], "nested": [CREATED, FAILED, NESTED], "cut": [CREATED, INCOMPLETE]}


class Server(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for event in EVENTS[asked["input"]]:
            self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())

    def log_message(self, *_: object) -> None:
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = openai.OpenAI(api_key="k", base_url=f"http://127.0.0.1:{server.server_port}/v1", max_retries=0)


def read(name: str) -> tuple[list[str], str]:
    types, raised = [], "nothing"
    try:
        for event in client.responses.create(model="m", input=name, stream=True):
            types.append(event.type)
    except openai.APIError as error:
        raised = f"APIError: {error.message}"
    return types, raised


flat, nested = read("flat"), read("nested")
print("flat error:  ", *flat[0], "- raised", flat[1])
print("nested error:", *nested[0], "- raised", nested[1])
try:
    with client.responses.stream(model="m", input="cut") as stream:
        final = repr(stream.get_final_response().status)
except Exception as error:
    final = f"{type(error).__name__}, an OpenAIError: {isinstance(error, openai.OpenAIError)}"
print("cut answer:  ", final)
assert flat == (["response.created", "response.failed", "error"], "nothing")
assert nested == (["response.created", "response.failed"], "APIError: It broke.")
assert final == "RuntimeError, an OpenAIError: False"
PY
