"""A few requests begin at a time, callers take turns, and what has begun holds up nobody."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from server import request_turns
from server.request_turns import (
    BUSY_SHARE,
    MAX_BEGINNING,
    MAX_BEGINNING_PER_CALLER,
    MAX_REST_S,
    RequestTurns,
    find_caller,
)
from web.middleware.asgi import Message, Receive, Scope, Send, tell_begun

Headers = list[tuple[bytes, bytes]]


class Clock:
    """Stands for the module `time`: the seconds that have passed, and those for which the process had a processor."""

    def __init__(self) -> None:
        self.now, self.busy = 1_000.0, 50.0

    def monotonic(self) -> float:
        return self.now

    def process_time(self) -> float:
        return self.busy

    def work(self, seconds: float) -> None:
        self.now += seconds
        self.busy += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(request_turns, "time", clock)
    return clock


def build_scope(caller: str, path: str = "/", type: str = "http") -> Scope:
    return {"type": type, "path": path, "headers": [(b"authorization", caller.encode())]}


async def receive() -> Message:
    return {"type": "http.request"}


async def send(message: Message) -> None:
    raise AssertionError("the application answers nothing here")


class Server:
    """An application behind the turns. Its requests begin, and then wait until they are told to end."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.turns = RequestTurns(self._answer)
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.begun.append(scope["name"])
        await self.ends[scope["name"]].wait()

    async def ask(self, name: str, caller: str, **more: str) -> Scope:
        scope = {**build_scope(caller, **more), "name": name}
        self.ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self.turns(scope, receive, send))
        await settle()
        return scope

    async def end(self, name: str) -> None:
        self.ends[name].set()
        await settle()

    async def close(self) -> None:
        for end in self.ends.values():
            end.set()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        for turns in (self.turns.turns, self.turns.stops):
            assert (turns._beginning, turns._waiting) == ({}, {})


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_caller_begins_so_many_and_leaves_room_for_others() -> None:
    server = Server()
    last = MAX_BEGINNING_PER_CALLER - 1
    for number in range(MAX_BEGINNING_PER_CALLER + 2):
        await server.ask(f"many {number}", "many")
    await server.ask("few", "few")
    assert server.begun == [*(f"many {number}" for number in range(MAX_BEGINNING_PER_CALLER)), "few"]
    await server.end(f"many {last}")
    assert server.begun[-1] == f"many {MAX_BEGINNING_PER_CALLER}"
    await server.close()
    assert len(server.begun) == MAX_BEGINNING_PER_CALLER + 3


async def test_callers_take_turns_when_all_places_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_turns, "MAX_BEGINNING_PER_CALLER", 3)
    server = Server()
    for number in range(MAX_BEGINNING):
        await server.ask(f"first {number}", f"caller {number}")
    for name in ("many 0", "many 1", "many 2"):
        await server.ask(name, "many")
    await server.ask("few", "few")
    for number in range(4):
        await server.end(f"first {number}")
    assert server.begun[MAX_BEGINNING:] == ["many 0", "few", "many 1", "many 2"]
    await server.close()


async def test_what_has_begun_or_takes_long_gives_its_place_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_turns, "MAX_BEGINNING_PER_CALLER", 1)
    server = Server()
    scope = await server.ask("told", "many")
    await server.ask("next", "many")
    assert server.begun == ["told"]
    tell_begun(scope)
    tell_begun(scope)
    await settle()
    assert server.begun == ["told", "next"]
    monkeypatch.setattr(request_turns, "MAX_BEGINNING_S", 0.0)
    await server.end("next")
    await server.ask("slow", "many")
    await server.ask("last", "many")
    while "last" not in server.begun:
        await asyncio.sleep(0.001)
    assert not server.tasks["slow"].done()
    await server.close()


async def test_one_that_leaves_while_it_waits_takes_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_turns, "MAX_BEGINNING_PER_CALLER", 1)
    server = Server()
    for name in ("first", "left", "last"):
        await server.ask(name, "many")
    server.tasks["left"].cancel()
    with suppress(asyncio.CancelledError):
        await server.tasks["left"]
    await server.end("first")
    assert server.begun == ["first", "last"]
    await server.close()


async def test_one_that_has_waited_begins_when_the_process_was_idle_for_long_enough(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_turns, "MAX_BEGINNING_PER_CALLER", 1)
    server = Server()
    for name in ("first", "second", "third", "fourth"):
        await server.ask(name, "many")
    await server.end("first")
    assert server.begun == ["first", "second"]  # nothing that had waited has begun before
    clock.work(0.007)
    await server.end("second")
    assert server.begun == ["first", "second"]
    pace = server.turns.turns._pace
    assert pace is not None
    assert pace.compute_rest_s() == pytest.approx(0.007 / BUSY_SHARE - 0.007)
    clock.now += 0.007 / BUSY_SHARE
    while "third" not in server.begun:
        await asyncio.sleep(0.001)
    clock.busy += 1.0
    assert pace.compute_rest_s() == pytest.approx(MAX_REST_S)
    await server.end("third")
    clock.now += MAX_REST_S
    while "fourth" not in server.begun:
        await asyncio.sleep(0.001)
    await server.close()


async def test_one_that_need_not_wait_begins_at_once_however_busy_the_process_is(clock: Clock) -> None:
    server = Server()
    for number in range(MAX_BEGINNING_PER_CALLER + 1):
        await server.ask(f"many {number}", "many")
    await server.end("many 0")
    await server.end("many 1")
    await server.end("many 2")
    clock.work(10.0)
    await server.ask("next", "many")
    assert server.begun[-1] == "next"
    await server.close()


@pytest.mark.parametrize("path", ["/api/v1/runs/1/cancel", "/api/v1/flows/1/ui/2/stop", "/api/v1/chat/a/runs/1/stop"])
async def test_what_stops_runs_waits_for_no_start_and_has_no_pace(clock: Clock, path: str) -> None:
    server = Server()
    count = MAX_BEGINNING_PER_CALLER + 1
    for number in range(count):
        await server.ask(f"start {number}", "many")
    for number in range(count):
        await server.ask(f"stop {number}", "many", path=path)
    assert server.begun[MAX_BEGINNING_PER_CALLER:] == [f"stop {number}" for number in range(MAX_BEGINNING_PER_CALLER)]
    clock.work(10.0)
    await server.end("stop 0")
    assert server.begun[-1] == f"stop {count - 1}"
    await server.close()


@pytest.mark.parametrize("more", [{"path": "/healthz"}, {"path": "/readyz"}, {"type": "websocket"}])
async def test_what_asks_after_health_and_sockets_wait_for_nobody(more: dict[str, str]) -> None:
    server = Server()
    for number in range(MAX_BEGINNING_PER_CALLER + 1):
        await server.ask(str(number), "many")
    await server.ask("asked", "many", **more)
    assert server.begun[-1] == "asked"
    await server.close()


@pytest.mark.parametrize(
    ("headers", "caller"),
    [
        ([(b"authorization", b"Bearer a"), (b"cookie", b"sessionid=s")], "Bearer a"),
        ([(b"x-api-key", b"a")], "a"),
        ([(b"cookie", b"csrftoken=c; sessionid=s; theme=dark")], "s"),
        ([(b"cookie", b"theme=dark")], "192.0.2.1"),
        ([], "192.0.2.1"),
    ],
)
def test_a_caller_is_a_key_or_a_session_or_an_address(headers: Headers, caller: str) -> None:
    scope: dict[str, Any] = {"headers": headers, "client": ["192.0.2.1", 5_000]}
    assert find_caller(scope) == caller
