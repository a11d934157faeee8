#!/usr/bin/env bash
# redis-py 8.1.0: with health_check_interval a subscriber never notices that Redis hangs.
#
# Seen: a subscriber with health_check_interval=1 and socket_timeout=1 waits for messages. In listen() it sends no PING at
# all in four quiet seconds. With get_message(timeout=0.5) in a loop it sends about one a second. When the server then
# hangs with its connection open, both wait on without an error: nobody misses the answers to those PINGs.
# Expected: that a health check which is not answered within socket_timeout raises.
# Who meets it: a chat backend whose processes hear each other through channels. A Redis that hangs, or whose machine is
# gone, looks like an hour in which nobody writes, and the answers of other processes no longer come.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check redis==8.1.0
cat >check.py <<'PY'
import asyncio

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

QUIET_S, HANGS_S = 4, 4
CONFIRMED = b"*3\r\n$9\r\nsubscribe\r\n$7\r\nanswers\r\n:1\r\n"


class Server:
    """Speaks as much of Redis as a subscriber needs, until it hangs."""

    def __init__(self):
        self.pings, self.hangs, self.is_subscribed = 0, False, False

    async def serve(self, reader, writer):
        while line := await reader.readline():
            words = [await self.read_word(reader) for _ in range(int(line[1:]))]
            if not self.hangs:
                writer.write(self.answer(words))
        writer.close()

    async def read_word(self, reader):
        length = int((await reader.readline())[1:])
        return (await reader.readexactly(length + 2))[:-2]

    def answer(self, words):
        if words[0] == b"SUBSCRIBE":
            self.is_subscribed = True
            return CONFIRMED
        if words[0] == b"PING" and self.is_subscribed:
            self.pings += 1
            said = words[1] if len(words) > 1 else b""
            return b"*2\r\n$4\r\npong\r\n$%d\r\n%s\r\n" % (len(said), said)
        return b"+PONG\r\n" if words[0] == b"PING" else b"+OK\r\n"


async def listen(pubsub):
    async for _ in pubsub.listen():
        pass


async def get_messages(pubsub):
    while True:
        await pubsub.get_message(timeout=0.5)


async def watch(wait):
    """Return how many PINGs came in quiet seconds, and how the wait has ended after the server hung."""
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1")
    port = listening.sockets[0].getsockname()[1]
    options = {"health_check_interval": 1, "socket_timeout": 1, "protocol": 2, "retry": Retry(NoBackoff(), 0)}
    pubsub = Redis(port=port, **options).pubsub()
    await pubsub.subscribe("answers")
    waiting = asyncio.create_task(wait(pubsub))
    await asyncio.sleep(QUIET_S)
    pings, server.hangs = server.pings, True
    done, _ = await asyncio.wait([waiting], timeout=HANGS_S)
    waiting.cancel()
    await asyncio.wait([waiting])
    await pubsub.aclose()
    await asyncio.sleep(0.1)
    return pings, repr(waiting.exception()) if done else "it waits on"


listened, got = asyncio.run(watch(listen)), asyncio.run(watch(get_messages))
print(f"listen():          {listened[0]} PINGs in {QUIET_S} quiet seconds; {HANGS_S} s after the server hung {listened[1]}")
print(f"get_message(0.5):  {got[0]} PINGs in {QUIET_S} quiet seconds; {HANGS_S} s after the server hung {got[1]}")
assert listened == (0, "it waits on")
assert got[0] >= 2 and got[1] == "it waits on"
PY
venv/bin/python check.py
