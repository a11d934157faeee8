#!/usr/bin/env bash
# sse-starlette 3.7.0: an event whose data is a dict is written as Python, not as JSON.
#
# Seen: {"data": {"done": True, "error": None}} becomes the line data: {'done': True, 'error': None}. A browser cannot
# parse it.
# Expected: JSON, as other web frameworks of Python write a dict, or an error that asks for a text.
# Who meets it: whoever streams chunks by this library and forgets json.dumps(). A test that only looks for a word in
# the stream still passes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check sse-starlette==3.7.0
timeout 30 venv/bin/python - <<'PY'
import json

from sse_starlette import ServerSentEvent

event = ServerSentEvent(data={"done": True, "error": None}).encode().decode()
print(event.strip())
assert event == "data: {'done': True, 'error': None}\r\n\r\n"
try:
    json.loads(event.strip().removeprefix("data: "))
except json.JSONDecodeError as error:
    print("as JSON:", error)
else:
    raise AssertionError("the data is JSON now")
PY
