"""A few new connections are heard in each turn of the event loop, in the order in which they came."""

import asyncio
from functools import partial

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
