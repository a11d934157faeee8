"""A server that is killed while a model has said nothing yet: where its flow says so, the run begins anew, once."""

import asyncio
import json
import signal

from tests.faults.clients import Client, resumed, together
from tests.faults.figures import ends, type_of
from tests.faults.rig import Server, rig, rig_of_two, stored
from tests.faults.upstream import KEPT, Ask, Running

ITEMS = ["item"] * len(KEPT)
WHOLE = ["run.started", "run.restarted", *ITEMS, "run.completed"]


def client(server: Server, script: str) -> Client:
    return Client(server, Ask(script), flow="again")


async def asked(model: Running, one: Client, times: int) -> None:
    """Return when the model was asked so often for the client's run."""
    async with asyncio.timeout(40):
        while (calls := (await model.calls()).get(one.ask.name)) is None or calls.count < times:
            await asyncio.sleep(0.05)


async def heard(one: Client) -> None:
    async with asyncio.timeout(20):
        while not one.received or one.last["type"] == "run.started":
            await asyncio.sleep(0.01)


async def restarted(server: Server) -> None:
    server.start()
    await server.ready()


async def calls_of(model: Running, *clients: Client) -> list[int]:
    calls = await model.calls()
    return [calls[one.ask.name].count for one in clients]


async def test_after_a_kill_only_the_run_that_had_given_nothing_is_completed() -> None:
    async with rig() as (server, model):
        silent, given = client(server, "silent, then whole"), client(server, "silent after one")
        hearing = asyncio.create_task(together(silent, given))
        await asyncio.gather(asked(model, silent, 1), heard(given))
        server.kill()
        await hearing
        await restarted(server)
        await resumed(silent, given)
        assert [type_of(event) for event in silent.received] == WHOLE
        assert [json.loads(data).get("index") for _, data in silent.received[2:5]] == [0, 1, 2]
        assert [type_of(event) for event in given.received] == ["run.started", "item", "run.interrupted"]
        assert await calls_of(model, silent, given) == [2, 1]


async def test_a_second_kill_ends_it() -> None:
    async with rig() as (server, model):
        one = client(server, "silent twice")  # it has answered, without a word
        hearing = asyncio.create_task(together(one))
        await asked(model, one, 1)
        server.kill()
        await hearing
        await restarted(server)
        await asked(model, one, 2)
        server.kill()
        await restarted(server)
        await resumed(one)
        assert [type_of(event) for event in one.received] == ["run.started", "run.restarted", "run.interrupted"]
        assert await calls_of(model, one) == [2]


async def test_a_server_that_was_frozen_and_wakes_adds_nothing_to_the_second_run() -> None:
    """While it is frozen the model speaks, and another server takes the run over and completes it."""
    async with rig_of_two(RIG_LEASE_S="3") as (frozen, other, model):
        one = client(frozen, "late, then whole")
        hearing = asyncio.create_task(together(one))
        await asked(model, one, 1)
        frozen.signal(signal.SIGSTOP)
        await asked(model, one, 2)  # the lease must be over first
        reader = Client(other, run=one.run, flow="again")
        await resumed(reader)
        assert [type_of(event) for event in reader.received] == WHOLE
        before = stored(frozen.folder)
        frozen.signal(signal.SIGCONT)
        await hearing
        await refused(frozen)
        assert stored(frozen.folder) == before
        assert [type_of(event) for event in one.received][: len(WHOLE)] == WHOLE


async def refused(server: Server) -> None:
    """Return when the server has found that its run is another's."""
    async with asyncio.timeout(20):
        while "run_events_not_stored" not in server.log():
            await asyncio.sleep(0.05)


async def test_a_restarted_server_ends_lost_runs_although_nobody_calls_it() -> None:
    async with rig() as (server, _):
        one = Client(server, Ask("silent after one"))
        hearing = asyncio.create_task(together(one))
        await heard(one)
        server.kill()
        await hearing
        server.start()
        async with asyncio.timeout(30):
            while type_of(stored(server.folder)[one.run][-1]) != "run.interrupted":
                await asyncio.sleep(0.1)
        found = ends(stored(server.folder).values())
        assert (found.by_type, found.not_once, found.not_dense) == ({"run.interrupted": 1}, 0, 0)
