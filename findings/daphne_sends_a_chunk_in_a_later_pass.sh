#!/usr/bin/env bash
# daphne 4.2.3 and uvicorn 0.54.0: `await send(chunk)` has written nothing yet under the one, and has under the other.
#
# Seen: an application sends a chunk and then works for a second without an await. Under uvicorn its client has the chunk
# at once. Under daphne the client has it after that second: the write waits for a later pass of the event loop. An
# `await asyncio.sleep(0)` in between does not help, two of them do.
# Expected: that what was sent is on its way when `await send()` returns, or after one turn of the loop.
# Who meets it: a backend that counts tokens, renders or stores between two chunks, and every loop on which much else is
# ready: each chunk waits for all of it, under one of two servers that pass the same tests.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check daphne==4.2.3 uvicorn==0.54.0
cat >app.py <<'PY'
import asyncio
import time


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"first", "more_body": True})
    for _ in range(int(scope["path"].strip("/"))):
        await asyncio.sleep(0)
    time.sleep(1)
    await send({"type": "http.response.body", "body": b"second"})
PY
cat >check.py <<'PY'
import http.client
import socket
import subprocess
import sys
import time

SERVERS = {"daphne": ["-m", "daphne", "-v", "0", "-p"], "uvicorn": ["-m", "uvicorn", "--log-level", "error", "--port"]}
EXPECTED = {("daphne", 0): "late", ("daphne", 1): "late", ("daphne", 2): "at once",
            ("uvicorn", 0): "at once", ("uvicorn", 1): "at once", ("uvicorn", 2): "at once"}


def find_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def measure(port, turns):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.connect()
    began = time.monotonic()
    connection.request("GET", f"/{turns}")
    answer = connection.getresponse()
    assert answer.read1(5) == b"first"
    took = time.monotonic() - began
    answer.read()
    return "late" if took > 0.9 else "at once"


def wait_for(port):
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)


found = {}
for name, arguments in SERVERS.items():
    port = find_port()
    server = subprocess.Popen([sys.executable, *arguments, str(port), "app:application"])
    try:
        wait_for(port)
        for turns in (0, 1, 2):
            found[name, turns] = measure(port, turns)
            print(f"{name}, {turns} turns of the loop after the chunk: {found[name, turns]}")
    finally:
        server.terminate()
        server.wait(20)
assert found == EXPECTED, found
PY
timeout 120 venv/bin/python check.py
