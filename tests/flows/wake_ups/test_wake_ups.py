"""Processes tell each other ids and what is said of them: in order, in bounded messages, by a real Redis."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from redis.asyncio import from_url
from redis.exceptions import ResponseError

from flows.wake_ups import wake_ups
from flows.wake_ups.wake_ups import WakeUps, explain_loss, read_message, take_message
from tests.redis_server import needs_redis, run_redis

ONE, TWO = uuid4(), uuid4()


def test_a_message_is_read_as_it_was_written() -> None:
    waiting = {ONE: b"", TWO: b"what is said"}
    message = take_message(waiting)
    assert waiting == {}
    assert dict(read_message(message)) == {ONE: b"", TWO: b"what is said"}


def test_what_goes_beyond_one_message_waits_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake_ups, "MAX_MESSAGE_BYTES", 40)
    waiting = {uuid4(): b"x" * 30 for _ in range(5)}
    told = list(waiting)
    messages = []
    while waiting:
        messages.append(take_message(waiting))
    assert [len(list(read_message(message))) for message in messages] == [1] * 5
    assert [id for message in messages for id, _ in read_message(message)] == told


def test_what_is_cut_is_left_out() -> None:
    message = take_message({ONE: b"whole", TWO: b"what is cut"})
    assert dict(read_message(message[:-1])) == {ONE: b"whole"}
    assert dict(read_message(message[:10])) == {}


@pytest.fixture
async def hearer() -> AsyncIterator[tuple[WakeUps, list[dict[UUID, bytes]]]]:
    """What tells, and what another process hears of it."""
    with run_redis() as redis:
        teller, listener, heard = WakeUps(redis.url), WakeUps(redis.url), list[dict[UUID, bytes]]()
        listener.hear("commits", heard.append)
        listening = asyncio.create_task(listener.listen())
        async with asyncio.timeout(20):
            while not listener.is_heard:
                await asyncio.sleep(0.01)
        yield teller, heard
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        await teller.close()


async def wait_for(heard: list[dict[UUID, bytes]], id: UUID) -> None:
    async with asyncio.timeout(20):
        while not any(id in message for message in heard):
            await asyncio.sleep(0.005)


@needs_redis
async def test_what_is_told_while_a_message_is_on_its_way_becomes_the_next_in_its_order(
    hearer: tuple[WakeUps, list[dict[UUID, bytes]]],
) -> None:
    teller, heard = hearer
    for number in range(100):
        teller.tell("commits", {ONE: b"%d," % number})
    teller.tell("commits", {TWO: b""})
    await wait_for(heard, TWO)
    assert b"".join(message[ONE] for message in heard if ONE in message) == b"".join(b"%d," % n for n in range(100))
    assert len(heard) < 10


@needs_redis
@pytest.mark.parametrize("others", [[b""], [b"x" * wake_ups.MAX_SAID_BYTES]], ids=["unsaid", "too long"])
async def test_where_something_cannot_be_said_nothing_is_said_but_the_id(
    hearer: tuple[WakeUps, list[dict[UUID, bytes]]], others: list[bytes]
) -> None:
    teller, heard = hearer
    for said in (b"before", *others, b"behind"):
        teller.tell("commits", {ONE: said})
    await wait_for(heard, ONE)
    assert heard == [{ONE: b""}]


@needs_redis
async def test_the_log_says_that_redis_refuses_and_why_also_after_it_did_not_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with run_redis() as redis:
        teller = WakeUps(redis.url.replace("redis://", "redis://:of-nobody@"))
        redis.stop()
        await tell_until(teller, lambda: len(caplog.records) == 1)
        redis.start()
        async with from_url(redis.url) as admin:
            await admin.config_set("requirepass", "of-redis")
        await tell_until(teller, lambda: len(caplog.records) == 2)
        await teller.close()
    silent, refused = (vars(record)["hint"] for record in caplog.records)
    assert silent.startswith("Redis does not answer")
    assert refused.startswith("Redis refuses, and says “invalid username-password pair or user is disabled.”.")
    assert "of-nobody" not in refused


@needs_redis
async def test_a_redis_with_too_many_clients_is_told_as_one_that_refuses(caplog: pytest.LogCaptureFixture) -> None:
    with run_redis() as redis:
        async with from_url(redis.url) as admin:
            await admin.config_set("maxclients", 1)
            teller = WakeUps(redis.url)
            await tell_until(teller, lambda: len(caplog.records) == 1)
            await teller.close()
    assert vars(caplog.records[0])["hint"].startswith("Redis refuses, and says “max number of clients reached”.")


async def tell_until(teller: WakeUps, is_done: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_done():
            teller.tell("commits", {ONE: b""})
            await asyncio.sleep(0.01)


def test_what_redis_repeats_of_a_command_is_not_told() -> None:
    error = ResponseError("unknown command `HELLO`, with args beginning with: `3` `AUTH` `default` `of-nobody`")
    assert "“unknown command `HELLO`”" in explain_loss(error)
    assert "of-nobody" not in explain_loss(error)


def test_a_redis_that_does_not_answer_is_told_so() -> None:
    assert explain_loss(TimeoutError()).startswith("Redis does not answer")
