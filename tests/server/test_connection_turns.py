"""Connections take turns: a few new ones are heard in each pass of the loop, and one piece of a large body is read."""

import asyncio
from functools import partial

from server.bodies.body_turns import BodyTurns
from server.first_words import MAX_CONNECTIONS_AT_ONCE, FirstWords


async def test_a_few_are_heard_in_each_turn_and_the_others_in_their_order() -> None:
    words, heard = FirstWords(), list[int]()
    count = 3 * MAX_CONNECTIONS_AT_ONCE + 1
    at_once = 0
    for number in range(count):
        if words.may_hear():
            at_once += 1
            heard.append(number)
        else:
            words.wait(partial(heard.append, number))
    assert at_once == len(heard) == MAX_CONNECTIONS_AT_ONCE
    for turn in (2, 3):
        await asyncio.sleep(0)
        assert len(heard) == turn * MAX_CONNECTIONS_AT_ONCE
    await asyncio.sleep(0)
    assert heard == list(range(count))


async def test_one_that_comes_in_a_later_turn_is_heard_at_once() -> None:
    words = FirstWords()
    for _ in range(5):
        assert all(words.may_hear() for _ in range(MAX_CONNECTIONS_AT_ONCE))
        assert not words.may_hear()
        await asyncio.sleep(0)


class Transport:
    """What Twisted's transports have: it notes in `read` each time that it may read."""

    def __init__(self, name: str, read: list[str]) -> None:
        self.connected, self.disconnecting = True, False
        self.is_paused = False
        self._name, self._read = name, read

    def pauseProducing(self) -> None:  # noqa: N802  # Twisted's name
        self.is_paused = True

    def resumeProducing(self) -> None:  # noqa: N802  # Twisted's name
        self.is_paused = False
        self._read.append(self._name)


async def test_one_reads_in_each_pass_in_the_order_in_which_pieces_came() -> None:
    turns, read = BodyTurns(), list[str]()
    transports = {name: Transport(name, read) for name in "abc"}
    for transport in transports.values():
        turns.wait(transport)
    assert all(transport.is_paused for transport in transports.values())
    await asyncio.sleep(0)
    assert read == ["a"]
    turns.wait(transports["a"])  # its next piece has come
    for _ in range(3):
        await asyncio.sleep(0)
    assert read == ["a", "b", "c", "a"]


async def test_one_that_is_gone_is_left_out_and_holds_up_nobody() -> None:
    turns, read = BodyTurns(), list[str]()
    lost, closing, last = (Transport(name, read) for name in ("lost", "closing", "last"))
    for transport in (lost, closing, last):
        turns.wait(transport)
    lost.connected, closing.disconnecting = False, True
    for _ in range(3):
        await asyncio.sleep(0)
    assert read == ["last"]
