#!/usr/bin/env bash
# httpx 0.28.1 and httpx2 2.16.2: iter_lines() ends a line at U+2028, within a JSON
# text.
#
# Seen: one line of newline-delimited JSON whose text holds U+2028 arrives as two lines, and neither of them is JSON.
# aiohttp 3.14.5 gives one line.
# Expected: a line ends at a line feed. JSON lets this character stand in a text as it is, and JSON.stringify()
# writes it so.
# Who meets it: text that was pasted from a word processor holds U+2028 for a soft line break. A client that reads a
# stream of JSON lines with these libraries fails on such an answer only. A server that escapes all that is not ASCII
# keeps such clients alive.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check httpx==0.28.1 httpx2==2.16.2 aiohttp==3.14.5
timeout 30 venv/bin/python - <<'PY'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import aiohttp
import httpx
import httpx2

CHUNK = json.dumps({"text": "First line\u2028second line"}, ensure_ascii=False) + "\n"


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/x-ndjson; charset=utf-8")
        self.end_headers()
        self.wfile.write(CHUNK.encode())

    def log_message(self, *_: object) -> None:
        pass


async def read_by_aiohttp(url: str) -> list[str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return [line.decode() async for line in response.content]


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"
for library in (httpx, httpx2):
    with library.stream("GET", url) as response:
        lines = list(response.iter_lines())
    print(f"{library.__name__:8} {len(lines)} lines: {lines}")
    assert lines == ['{"text": "First line', 'second line"}']
lines = asyncio.run(read_by_aiohttp(url))
print(f"aiohttp  {len(lines)} line: {ascii(lines)}")
assert lines == [CHUNK]
PY
