"""A server is killed while a model has not answered yet: where the flow says so, the run starts again, once."""

import asyncio
import json
import signal

from tests.faults.clients import Client, resume_together, start_together
from tests.faults.figures import count_ends, get_type
from tests.faults.rig import Server, read_logs, run_rig, run_two_servers
from tests.faults.upstream import WORDS_BEFORE_FAULT, ScriptedPrompt, UpstreamProcess

ITEMS = ["item"] * len(WORDS_BEFORE_FAULT)
WHOLE_RUN = ["run.started", "run.restarted", *ITEMS, "run.completed"]


def build_client(server: Server, script: str) -> Client:
    return Client(server, ScriptedPrompt(script), flow="again")


async def wait_for_calls(model: UpstreamProcess, one: Client, times: int) -> None:
    """Return when the model was called `times` times for the client's run."""
    async with asyncio.timeout(40):
        while (calls := (await model.read_calls()).get(one.ask.name)) is None or calls.count < times:
            await asyncio.sleep(0.05)


async def wait_for_item(one: Client) -> None:
    async with asyncio.timeout(20):
        while not one.received or one.last["type"] == "run.started":
            await asyncio.sleep(0.01)


async def restart(server: Server) -> None:
    server.start()
    await server.wait_until_ready()


async def count_calls(model: UpstreamProcess, *clients: Client) -> list[int]:
    calls = await model.read_calls()
    return [calls[one.ask.name].count for one in clients]


async def test_after_a_kill_only_the_run_that_had_given_nothing_is_completed() -> None:
    async with run_rig() as (server, model):
        silent, given = build_client(server, "silent, then whole"), build_client(server, "silent after one")
        hearing = asyncio.create_task(start_together(silent, given))
        await asyncio.gather(wait_for_calls(model, silent, 1), wait_for_item(given))
        server.kill()
        await hearing
        await restart(server)
        await resume_together(silent, given)
        assert [get_type(event) for event in silent.received] == WHOLE_RUN
        assert [json.loads(data).get("index") for _, data in silent.received[2:5]] == [0, 1, 2]
        assert [get_type(event) for event in given.received] == ["run.started", "item", "run.interrupted"]
        assert await count_calls(model, silent, given) == [2, 1]


async def test_a_second_kill_ends_it() -> None:
    async with run_rig() as (server, model):
        one = build_client(server, "silent twice")  # it has answered, without a word
        hearing = asyncio.create_task(start_together(one))
        await wait_for_calls(model, one, 1)
        server.kill()
        await hearing
        await restart(server)
        await wait_for_calls(model, one, 2)
        server.kill()
        await restart(server)
        await resume_together(one)
        assert [get_type(event) for event in one.received] == ["run.started", "run.restarted", "run.interrupted"]
        assert await count_calls(model, one) == [2]


async def test_a_server_that_was_frozen_and_wakes_adds_nothing_to_the_second_run() -> None:
    """While it is frozen, the model answers, and another server takes the run over and completes it."""
    async with run_two_servers(RIG_LEASE_S="3") as (frozen, other, model):
        one = build_client(frozen, "late, then whole")
        hearing = asyncio.create_task(start_together(one))
        await wait_for_calls(model, one, 1)
        await frozen.freeze()
        await wait_for_calls(model, one, 2)  # the lease must be over first
        reader = Client(other, run=one.run, flow="again")
        await resume_together(reader)
        assert [get_type(event) for event in reader.received] == WHOLE_RUN
        before = read_logs(frozen.folder)
        frozen.signal(signal.SIGCONT)
        await hearing
        await wait_for_refusal(frozen)
        assert read_logs(frozen.folder) == before
        assert [get_type(event) for event in one.received][: len(WHOLE_RUN)] == WHOLE_RUN


async def wait_for_refusal(server: Server) -> None:
    """Return when the server has found that its run is another's."""
    async with asyncio.timeout(20):
        while "run_events_not_stored" not in server.log():
            await asyncio.sleep(0.05)


async def test_a_restarted_server_ends_lost_runs_although_nobody_calls_it() -> None:
    async with run_rig() as (server, _):
        one = Client(server, ScriptedPrompt("silent after one"))
        hearing = asyncio.create_task(start_together(one))
        await wait_for_item(one)
        server.kill()
        await hearing
        server.start()
        async with asyncio.timeout(30):
            while get_type(read_logs(server.folder)[one.run][-1]) != "run.interrupted":
                await asyncio.sleep(0.1)
        found = count_ends(read_logs(server.folder).values())
        assert (found.by_type, found.not_once, found.not_dense) == ({"run.interrupted": 1}, 0, 0)
