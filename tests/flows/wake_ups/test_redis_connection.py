"""One connection to a real Redis: what ends it is found and named, and who tells opens the next one."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
import uvloop
from redis.exceptions import ResponseError

from bench.targets import find_free_port
from flows.wake_ups import redis_connection
from flows.wake_ups.redis_connection import open_connection
from flows.wake_ups.wake_ups import WakeUps
from tests.actions.network.dialling import Certificate
from tests.redis_server import RedisServer, needs_redis, run_redis

pytestmark = needs_redis


async def wait_for_loss(wake_ups: WakeUps) -> None:
    async with asyncio.timeout(20):
        while wake_ups._sender is None or not wake_ups._sender.is_lost:
            await asyncio.sleep(0.01)


async def test_a_message_of_a_megabyte_comes_whole_and_in_its_place() -> None:
    with run_redis() as redis:
        await check_messages(redis.url)


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_messages_come_the_same_way_over_tls(run: Callable[[Coroutine[Any, Any, None]], None], tmp_path: Path) -> None:
    file, port = str(Certificate(tmp_path).path), find_free_port()
    files = ["--tls-cert-file", file, "--tls-key-file", file, "--tls-ca-cert-file", file]
    with run_redis("--tls-port", str(port), "--tls-auth-clients", "no", *files):
        run(check_messages(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={file}"))


async def check_messages(url: str) -> None:
    messages = [b"first", bytes(range(256)) * 4096, b"", b"last"]
    heard = list[tuple[bytes, bytes]]()
    has_all = asyncio.Event()

    def take(channel: bytes, message: bytes) -> None:
        heard.append((channel, message))
        if len(heard) == len(messages):
            has_all.set()

    async with aclosing(await open_connection(url, take)) as hearer, asyncio.timeout(20):
        await hearer.ask("SUBSCRIBE", "one")
        await hearer.ask("SUBSCRIBE", "other")
        async with aclosing(await open_connection(url)) as teller:
            for message in messages:
                await teller.ask("PUBLISH", "one", message)
            await has_all.wait()
    assert heard == [(b"one", message) for message in messages]


async def test_a_redis_that_hangs_is_found_by_who_hears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_connection, "PING_INTERVAL_S", 0.05)
    monkeypatch.setattr(redis_connection, "TIMEOUT_S", 2.0)
    with run_redis() as redis:
        async with aclosing(await open_connection(redis.url)) as hearer:
            await hearer.ask("SUBSCRIBE", "one")
            watch = asyncio.create_task(hearer.watch())
            await asyncio.sleep(0.2)
            assert not watch.done()
            send_signal(redis, signal.SIGSTOP)
            with pytest.raises(TimeoutError):
                await watch
            send_signal(redis, signal.SIGCONT)


def send_signal(redis: RedisServer, number: signal.Signals) -> None:
    assert redis.process
    redis.process.send_signal(number)


async def test_a_refusal_is_told_to_who_asks_and_the_connection_goes_on() -> None:
    with run_redis() as redis:
        async with aclosing(await open_connection(redis.url)) as connection:
            with pytest.raises(ResponseError, match=r"^wrong number of arguments for 'publish' command$"):
                await connection.ask("PUBLISH", "one")
            await connection.ask("PUBLISH", "one", b"message")
            assert not connection.is_lost


async def test_a_restart_of_redis_is_no_loss_for_who_tells_nothing_meanwhile(caplog: pytest.LogCaptureFixture) -> None:
    with run_redis() as redis:
        teller = WakeUps(redis.url)
        assert await teller._get_sender() is await teller._get_sender()
        redis.stop()
        await wait_for_loss(teller)
        redis.start()
        sender = await teller._get_sender()
        await sender.ask("PUBLISH", "one", b"message")
        await teller.close()
    assert not caplog.records


async def test_what_fails_on_hearing_ends_the_connection_with_its_reason() -> None:
    def fail(channel: bytes, message: bytes) -> None:
        raise LookupError(f"nobody reads {channel.decode()}")

    with run_redis() as redis:
        async with aclosing(await open_connection(redis.url, fail)) as hearer:
            await hearer.ask("SUBSCRIBE", "one")
            async with aclosing(await open_connection(redis.url)) as teller:
                await teller.ask("PUBLISH", "one", b"message")
            with pytest.raises(LookupError, match="nobody reads one"):
                await hearer.watch()
            with pytest.raises(LookupError, match="nobody reads one"):
                await hearer.ask("PING")
