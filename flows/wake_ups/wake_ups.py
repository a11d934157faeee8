"""Wake-ups between the processes of one installation: one channel for each kind, whose messages are ids.

A process has one connection to tell and one to hear. Telling gathers: while one message is on its way, the ids of all
others become the next one. While Redis is away nothing is told, nothing waits, and the log says so once.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings

logger = logging.getLogger(__name__)

Kind = Literal["commits", "stops"]
"""What has happened to the runs whose ids are told: events were stored, or somebody asks to cancel them."""
Way = Literal["hear", "tell"]
Hear = Callable[[set[UUID]], object]
"""Is given the ids that were told. It is called on the event loop and must not wait."""

ID_BYTES = 16
MAX_IDS = 4_096
"""In one message. What goes beyond it waits for the next."""
MAX_WAITING_IDS = 65_536
"""That wait to be told. What comes beyond them is found by who looks regularly."""
FIRST_PAUSE_S, MAX_PAUSE_S = 0.1, 5.0
"""Before Redis is tried again: twice as long after each failure."""
TIMEOUT_S = 5.0
PING_INTERVAL_S = 10
"""A connection over which nothing has come for so long is asked whether it still lives."""


class WakeUps:
    """The wake-ups of one event loop. `wake_ups()` returns those of the running loop."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._hearers: dict[Kind, Hear] = {}
        self._waiting: dict[Kind, set[UUID]] = {"commits": set(), "stops": set()}
        """What is to be told."""
        self._telling: asyncio.Task[None] | None = None
        self._sender: Any = None
        self._failing: set[Way] = set()
        self.is_heard = False
        """Whether other processes are heard now."""

    def tell(self, kind: Kind, ids: Collection[UUID]) -> None:
        """Tell the other processes. Returns at once; does nothing where there is no Redis."""
        if not self._url:
            return
        if len(self._waiting[kind]) < MAX_WAITING_IDS:
            self._waiting[kind].update(ids)
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
                async for _ in self._receive():
                    pause_s = FIRST_PAUSE_S
            except Exception as error:  # whatever is wrong with it, the process goes on without
                self._note_failure("hear", error)
            self.is_heard = False
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, MAX_PAUSE_S)

    async def close(self) -> None:
        """Tell what waits, and close the connection by which it is told."""
        if self._telling:
            await asyncio.wait([self._telling], timeout=TIMEOUT_S)
        if self._sender is not None:
            await self._sender.aclose()

    async def _receive(self) -> Any:
        """Give each message to its hearer, and yield after it; the first time when all channels are subscribed to."""
        channels = {build_channel(self._url, kind).encode(): take for kind, take in self._hearers.items()}
        client = _connect(self._url)
        async with client, client.pubsub(ignore_subscribe_messages=False) as pubsub:
            await pubsub.subscribe(*channels)
            async for message in pubsub.listen():
                if message["type"] == "message":
                    channels[message["channel"]](set(_read_ids(message["data"])))
                else:
                    self.is_heard = True
                    self._note_success("hear")
                yield None

    async def _tell_waiting(self) -> None:
        try:
            while any(self._waiting.values()):
                for kind, waiting in self._waiting.items():
                    ids = [waiting.pop() for _ in range(min(len(waiting), MAX_IDS))]
                    if ids:
                        await self._publish(kind, ids)
        except Exception as error:  # as above
            for waiting in self._waiting.values():
                waiting.clear()
            self._note_failure("tell", error)
            await asyncio.sleep(FIRST_PAUSE_S)
        finally:
            self._telling = None

    async def _publish(self, kind: Kind, ids: list[UUID]) -> None:
        if self._sender is None:
            self._sender = _connect(self._url)
        await self._sender.publish(build_channel(self._url, kind), b"".join(id.bytes for id in ids))
        if self._failing:
            self._note_success("tell")

    def _note_failure(self, way: Way, error: Exception) -> None:
        if not self._failing:
            hint = (
                "Redis does not answer: check that it runs, and MILLRACE_REDIS_URL. Nothing is lost: until it is back, "
                "processes look twice a second for what others have done."
            )
            logger.warning("wake_ups_lost", extra={"reason": type(error).__name__, "hint": hint})
        self._failing.add(way)

    def _note_success(self, way: Way) -> None:
        if self._failing == {way}:
            logger.warning("wake_ups_back")
        self._failing.discard(way)


def build_channel(url: str, kind: Kind) -> str:
    """Return the channel of an installation: Redis has one set of channels for all its databases."""
    return f"millrace:{urlsplit(url).path.strip('/') or 0}:{kind}"


def _read_ids(message: bytes) -> Iterator[UUID]:
    for start in range(0, len(message) - ID_BYTES + 1, ID_BYTES):
        yield UUID(bytes=message[start : start + ID_BYTES])


def _connect(url: str) -> Any:
    from redis.asyncio import Redis  # only where there is one
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    retry = Retry(NoBackoff(), 0)  # `listen` tries again, and the log says so
    return Redis.from_url(url, retry=retry, socket_connect_timeout=TIMEOUT_S, health_check_interval=PING_INTERVAL_S)


_of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, WakeUps] = WeakKeyDictionary()
"""By loop, because connections belong to one."""


def wake_ups() -> WakeUps:
    """Return the wake-ups of the running event loop."""
    loop = asyncio.get_running_loop()
    found = _of_loops.get(loop)
    if found is None:
        found = _of_loops[loop] = WakeUps(settings.MILLRACE_REDIS_URL)
    return found
