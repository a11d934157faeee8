"""Wake-ups between the processes of one installation: a channel for each kind, with ids and what is said of them.

A process has one connection to tell and one to hear. Telling gathers: while one message is on its way, all that is told
becomes the next one. While Redis is away nothing is told, nothing waits, and the log says so once.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing
from struct import Struct
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings

if TYPE_CHECKING:  # only where there is a Redis
    from flows.wake_ups.redis_connection import RedisConnection

logger = logging.getLogger(__name__)

Kind = Literal["commits", "stops"]
"""What has happened to the runs whose ids are told: events were stored, or somebody asks to cancel them."""
Way = Literal["hear", "tell"]
Hear = Callable[[dict[UUID, bytes]], object]
"""Is given the ids that were told, each with what is said of it. It is called on the event loop and must not wait."""

MESSAGE_FORMAT = 2
"""In the name of each channel: a process that writes other messages is not heard, and found by who looks regularly."""
HEAD = Struct(">16sI")
"""Of what is told: the id, and how many bytes are said of it."""
MAX_MESSAGE_BYTES = 1024 * 1024
"""What goes beyond it waits for the next message."""
MAX_SAID_BYTES = 64 * 1024
"""Of one id, that wait to be told. Of more than these nothing is said but the id: who hears it asks the database."""
MAX_WAITING_IDS, MAX_WAITING_SAID = 4_096, 512
"""How many ids wait to be told, and of how many something is said. What comes beyond is found by regular looks."""
FIRST_PAUSE_S, MAX_PAUSE_S = 0.1, 5.0
"""Before Redis is tried again: twice as long after each failure."""
CLOSE_LIMIT_S = 5.0
"""For what is still to be told when the process stops."""
MAX_REFUSAL_CHARACTERS = 120
"""Of the sentence with which Redis refuses, in the log."""
TOO_MANY_CLIENTS = "max number of clients reached"
"""The one refusal that the client takes for a lost connection."""


class WakeUps:
    """The wake-ups of one event loop. `wake_ups()` returns those of the running loop."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._hearers: dict[Kind, Hear] = {}
        self._waiting: dict[Kind, dict[UUID, bytes]] = {"commits": {}, "stops": {}}
        """What is to be told."""
        self._telling: asyncio.Task[None] | None = None
        self._sender: RedisConnection | None = None
        self._failing: set[Way] = set()
        self._hints: set[str] = set()
        """What the log says of the loss that goes on."""
        self.is_heard = False
        """Whether other processes are heard now."""

    def tell(self, kind: Kind, said: Mapping[UUID, bytes]) -> None:
        """Tell the other processes what is said of these ids, nothing or some bytes. Returns at once.

        What is said of one id stays in its order. Does nothing where there is no Redis.
        """
        if not self._url:
            return
        waiting = self._waiting[kind]
        for id, more in said.items():
            if id in waiting:
                waiting[id] = _join(waiting[id], more)
            elif len(waiting) < MAX_WAITING_IDS:
                waiting[id] = more if len(waiting) < MAX_WAITING_SAID else b""
        if self._telling is None:
            self._telling = asyncio.get_running_loop().create_task(self._tell_waiting(), name="wake-ups")

    def hear(self, kind: Kind, take: Hear) -> None:
        """Have `listen` call `take` with what is told. Call it before `listen`."""
        self._hearers[kind] = take

    async def listen(self) -> None:
        """Hear the other processes until the task is cancelled, and connect again whenever the connection is lost."""
        pause_s = FIRST_PAUSE_S
        while self._url and self._hearers:
            try:
                async with aclosing(await self._open_hearer()) as connection:
                    await self._subscribe(connection)
                    pause_s = FIRST_PAUSE_S
                    await connection.watch()
            except Exception as error:  # whatever is wrong with it, the process goes on without
                self._note_failure("hear", error)
            self.is_heard = False
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, MAX_PAUSE_S)

    async def close(self) -> None:
        """Tell what waits, and close the connection by which it is told."""
        if self._telling:
            await asyncio.wait([self._telling], timeout=CLOSE_LIMIT_S)
        await self._drop_sender()

    async def _open_hearer(self) -> "RedisConnection":
        """Return a connection that gives each message to its hearer."""
        from flows.wake_ups.redis_connection import open_connection

        hearers = {build_channel(self._url, kind).encode(): take for kind, take in self._hearers.items()}

        def take(channel: bytes, message: bytes) -> None:
            hearers[channel](dict(read_message(message)))

        return await open_connection(self._url, take)

    async def _subscribe(self, connection: "RedisConnection") -> None:
        for kind in self._hearers:
            await connection.ask("SUBSCRIBE", build_channel(self._url, kind))
        self.is_heard = True
        self._note_success("hear")

    async def _tell_waiting(self) -> None:
        try:
            while any(self._waiting.values()):
                for kind, waiting in self._waiting.items():
                    if waiting:
                        sender = await self._get_sender()
                        await sender.ask("PUBLISH", build_channel(self._url, kind), take_message(waiting))
                        if self._failing:
                            self._note_success("tell")
        except Exception as error:  # as above
            for waiting in self._waiting.values():
                waiting.clear()
            self._note_failure("tell", error)
            await self._drop_sender()
            await asyncio.sleep(FIRST_PAUSE_S)
        finally:
            self._telling = None

    async def _get_sender(self) -> "RedisConnection":
        """Return the connection by which is told; a new one where the last one was lost, as by a restart of Redis."""
        from flows.wake_ups.redis_connection import open_connection

        if self._sender is None or self._sender.is_lost:
            await self._drop_sender()
            self._sender = await open_connection(self._url)
        return self._sender

    async def _drop_sender(self) -> None:
        sender, self._sender = self._sender, None
        if sender:
            await sender.aclose()

    def _note_failure(self, way: Way, error: Exception) -> None:
        self._failing.add(way)
        hint = explain_loss(error)
        if hint not in self._hints:  # a server that comes back may refuse then
            self._hints.add(hint)
            logger.warning("wake_ups_lost", extra={"reason": type(error).__name__, "hint": hint})

    def _note_success(self, way: Way) -> None:
        if self._failing == {way}:
            logger.warning("wake_ups_back")
            self._hints.clear()
        self._failing.discard(way)


def explain_loss(error: Exception) -> str:
    """Return what is wrong and what to do. What Redis says is cut before the arguments that it may repeat.

    A server before Redis 6 repeats those of a command that it does not know, and one of them is the password.
    """
    from redis.exceptions import AuthenticationError, ResponseError

    wrong = "Redis does not answer: check that it runs, and MILLRACE_REDIS_URL."
    if isinstance(error, AuthenticationError | ResponseError) or str(error) == TOO_MANY_CLIENTS:
        said = str(error).partition(", with args")[0][:MAX_REFUSAL_CHARACTERS]
        wrong = f"Redis refuses, and says “{said}”. Change MILLRACE_REDIS_URL, or what Redis allows."
    return f"{wrong} Nothing is lost: until it is back, processes look twice a second for what others have done."


def build_channel(url: str, kind: Kind) -> str:
    """Return the channel of an installation: Redis has one set of channels for all its databases."""
    return f"millrace:{urlsplit(url).path.strip('/') or 0}:{kind}:{MESSAGE_FORMAT}"


def _join(said: bytes, more: bytes) -> bytes:
    """Return both, or nothing when one of them is nothing or they are too long: then the database is asked for all."""
    return said + more if said and more and len(said) + len(more) <= MAX_SAID_BYTES else b""


def take_message(waiting: dict[UUID, bytes]) -> bytes:
    """Take the next message out of what waits, the oldest first."""
    pieces, size = list[bytes](), 0
    while waiting and size < MAX_MESSAGE_BYTES:
        id = next(iter(waiting))
        said = waiting.pop(id)
        pieces += (HEAD.pack(id.bytes, len(said)), said)
        size += HEAD.size + len(said)
    return b"".join(pieces)


def read_message(message: bytes) -> Iterator[tuple[UUID, bytes]]:
    """Yield each id with what is said of it. What is cut is left out."""
    start = 0
    while start + HEAD.size <= len(message):
        id, size = HEAD.unpack_from(message, start)
        start += HEAD.size + size
        if start <= len(message):
            yield UUID(bytes=id), message[start - size : start]


_of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, WakeUps] = WeakKeyDictionary()
"""By loop, because connections belong to one."""


def wake_ups() -> WakeUps:
    """Return the wake-ups of the running event loop."""
    loop = asyncio.get_running_loop()
    found = _of_loops.get(loop)
    if found is None:
        found = _of_loops[loop] = WakeUps(settings.MILLRACE_REDIS_URL)
    return found
