#!/usr/bin/env bash
# Daphne 4.2.3 and uvicorn 0.54.0 with httptools 0.9.0: a header of 20,000 characters ends one, and 1,000,000 are fine
# for the other.
#
# Seen: the same application, and requests with one long header. Daphne takes heads of 16,384 bytes. Above that it writes
# a 400 with no header and no body and closes, and often the client sees a closed connection only. uvicorn takes a header
# of 1,000,000 characters.
# Expected: limits of one order, and a status that names the cause, such as 431.
# Who meets it: single sign-on in front of a chat backend adds cookies and tokens of some 10 to 20 kB. Under one server
# all works, under the other the client gets a closed connection, and the application's log has no line about it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 180 venv/bin/pip install --quiet --no-compile --disable-pip-version-check \
  uvicorn==0.54.0 httptools==0.9.0 daphne==4.2.3
cat > app.py <<'PY'
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
PY
timeout 90 venv/bin/python - <<'PY'
import socket, subprocess, sys, time

SERVERS = {
    "daphne": ["daphne", "-v", "0", "-b", "127.0.0.1", "-p"],
    "uvicorn": ["uvicorn", "--http", "httptools", "--log-level", "critical", "--port"],
}


def find_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, characters):
    with socket.create_connection(("127.0.0.1", port)) as client:
        head = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Token: " + b"t" * characters
        answer = b""
        try:
            client.sendall(head + b"\r\n\r\n")
            while piece := client.recv(65536):
                answer += piece
        except ConnectionError:
            pass
    return answer


seen = {}
for name, command in SERVERS.items():
    port = find_port()
    server = subprocess.Popen([sys.executable, "-m", *command, str(port), "app:app"])
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        for characters in (10_000, 20_000, 1_000_000):
            answer = ask(port, characters)
            seen[name, characters] = answer.split()[1].decode() if answer else "no answer"
            print(f"{name:8} {characters:9,} characters: {answer[:60]!r}")
    finally:
        server.terminate()
        server.wait()

assert seen["daphne", 10_000] == "200"
assert {seen["daphne", characters] for characters in (20_000, 1_000_000)} <= {"400", "no answer"}
assert {seen["uvicorn", characters] for characters in (10_000, 20_000, 1_000_000)} == {"200"}
PY
