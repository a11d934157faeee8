#!/usr/bin/env bash
# Caddy 2.6.2, as Debian 12 has it: a streamed answer to a POST is cut after its first bytes, and looks whole.
#
# Seen: a server behind Caddy answers as soon as it has the body of a POST: the head, a line, and after 30 ms the rest.
# Of some thousand such calls Caddy closes a few of its connections to the server after the first line, and gives its
# client a chunked answer that ends as a whole one does. The same with GET: none. The server has done nothing wrong.
# Expected: the whole answer each time, or at least an answer whose end is missing.
# Who meets it: a chat backend answers a POST with a stream, and its first event comes before the model has said a word.
# Some answers of thousands then end there, with status 200, and the server's log says that its client has left.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq caddy=2.6.2-5
dpkg -x caddy_2.6.2*.deb unpacked
timeout 300 python3 - <<'PY'
import asyncio, collections, http.client, pathlib, socket, subprocess, threading, time

CALLS, AT_ONCE = 4_000, 4
WHOLE = b"first\n" + b"rest\n"


def find_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def answer(reader, writer):
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            lengths = [int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            await reader.readexactly(sum(lengths))
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst\n\r\n")
            await asyncio.sleep(0.03)
            writer.write(b"5\r\nrest\n\r\n0\r\n\r\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def serve(port):
    server = await asyncio.start_server(answer, "127.0.0.1", port)
    await server.serve_forever()


def ask(port, method, count, seen):
    for _ in range(count):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        client.request(method, "/", b'{"prompt": "What is a mill race?"}' if method == "POST" else None)
        response = client.getresponse()
        seen[method, response.status, response.read()] += 1  # IncompleteRead where the end of the answer is missing
        client.close()


behind, before = find_port(), find_port()
threading.Thread(target=lambda: asyncio.run(serve(behind)), daemon=True).start()
site = f"http://127.0.0.1:{before} {{\n reverse_proxy 127.0.0.1:{behind}\n}}\n"
pathlib.Path("config").write_text("{\n admin off\n auto_https off\n}\n" + site)
command = ["unpacked/usr/bin/caddy", "run", "--config", "config", "--adapter", "caddyfile"]
caddy = subprocess.Popen(command, stderr=subprocess.DEVNULL)
try:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", before)).close()
            break
        except OSError:
            time.sleep(0.05)
    seen = collections.Counter()
    for method in ("GET", "POST"):
        threads = [threading.Thread(target=ask, args=(before, method, CALLS // AT_ONCE, seen)) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
finally:
    caddy.terminate()
    caddy.wait()
for key, count in sorted(seen.items(), key=str):
    print(count, *key)
cut = sum(count for (method, status, body), count in seen.items() if method == "POST" and body != WHOLE)
assert sum(count for (method, _, body), count in seen.items() if method == "GET" and body != WHOLE) == 0
assert 0 < cut < CALLS // 10, cut
print(f"{cut} of {CALLS} answers to a POST were cut, and looked whole")
PY
