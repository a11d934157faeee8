"""Large bodies that come together take turns: one piece in each pass of the event loop."""

import asyncio

from server.body_turns import BodyTurns


class Transport:
    """What Twisted's transports have: it notes in `read` each time that it may read."""

    def __init__(self, name: str, read: list[str]) -> None:
        self.connected, self.disconnecting = True, False
        self.is_paused = False
        self._name, self._read = name, read

    def pauseProducing(self) -> None:  # noqa: N802
        self.is_paused = True

    def resumeProducing(self) -> None:  # noqa: N802
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
