"""A connection to Redis: redis-py opens it, and everything after that goes over its transport directly.

Passing each message through redis-py's pool and asyncio's streams takes three times the processor time. hiredis, the
parser of the makers of Redis, packs the commands and reads what comes.
"""

import asyncio
from collections.abc import Callable
from typing import Any, NoReturn

import hiredis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import InvalidResponse, ResponseError

Take = Callable[[bytes, bytes], object]
"""Is given the channel and the message. It is called on the event loop and must not wait."""

TIMEOUT_S = 5.0
"""For opening, and for each answer."""
PING_INTERVAL_S = 10.0
"""After so long without a message, a connection that only hears is asked whether it still lives."""


class RedisConnection(asyncio.Protocol):
    """Asks Redis one thing after another, and hears the channels that it has subscribed to. Who opened it closes it."""

    def __init__(self, opened: Any, take: Take) -> None:
        """`opened` is a connection of redis-py."""
        self._opened = opened
        self._transport: asyncio.Transport = opened._writer.transport  # redis-py has no public name for it
        self._take = take
        self._replies = hiredis.Reader(protocolError=InvalidResponse, replyError=_read_refusal)
        self._answer: asyncio.Future[Any] | None = None
        """To what was asked."""
        self._lost: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        """What has ended the connection."""
        self._is_quiet = False
        """Whether nothing has come since `watch` looked."""
        self._transport.set_protocol(self)

    @property
    def is_lost(self) -> bool:
        return self._lost.done()

    async def ask(self, *command: str | bytes) -> None:
        """Send a command, and return when it is answered.

        One at a time: whoever asks waits for the last answer. Raises the refusal of Redis, or what has ended the
        connection; after a TimeoutError, or when the caller is cancelled, it can only be closed.
        """
        if self._lost.done():
            raise self._lost.result()
        self._answer = asyncio.get_running_loop().create_future()
        parts: Any = command  # the types of hiredis know commands of one word only
        self._transport.write(hiredis.pack_command(parts))
        async with asyncio.timeout(TIMEOUT_S):
            await self._answer

    async def watch(self) -> NoReturn:
        """Ask whether Redis still answers when it is quiet. Raises what has ended the connection."""
        while True:
            self._is_quiet = True
            if (await asyncio.wait([self._lost], timeout=PING_INTERVAL_S))[0]:
                raise self._lost.result()
            if self._is_quiet:
                await self.ask("PING")

    async def aclose(self) -> None:
        """Close the connection. What was not sent yet, as to a Redis that hangs, is dropped."""
        self._transport.abort()
        await self._opened.disconnect(nowait=True)

    def data_received(self, data: bytes) -> None:
        self._is_quiet = False
        try:
            self._replies.feed(data)
            while (reply := self._replies.gets()) is not False:
                self._take_reply(reply)
        except Exception as error:  # no Redis answers so, or who was called has failed
            self._end(error)
            self._transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error or ConnectionResetError("Redis has closed the connection."))

    def _take_reply(self, reply: Any) -> None:
        if isinstance(reply, list) and reply[0] == b"message":
            self._take(reply[1], reply[2])
        elif isinstance(reply, Exception):
            self._refuse(reply)
        elif self._answer and not self._answer.done():
            self._answer.set_result(reply)

    def _refuse(self, error: Exception) -> None:
        """Tell who asks; a refusal of which nobody asks is about the connection."""
        if self._answer and not self._answer.done():
            self._answer.set_exception(error)
        else:
            raise error

    def _end(self, error: Exception) -> None:
        if not self._lost.done():
            self._lost.set_result(error)
        if self._answer and not self._answer.done():
            self._answer.set_exception(error)


def _read_refusal(said: str) -> ResponseError:
    return ResponseError(said.removeprefix("ERR "))


async def open_connection(url: str, take: Take = lambda channel, message: None) -> RedisConnection:
    """Return a connection that gives what it hears to `take`. Raises RedisError where Redis is not there or refuses."""
    # Who opens it tries again, and the log says so. In the second version of the protocol a message is a list.
    options: dict[str, Any] = {"socket_connect_timeout": TIMEOUT_S, "health_check_interval": PING_INTERVAL_S}
    client: Any = Redis.from_url(url, retry=Retry(NoBackoff(), 0), protocol=2, **options)
    opened = client.connection_pool.make_connection()
    await opened.connect()
    return RedisConnection(opened, take)
