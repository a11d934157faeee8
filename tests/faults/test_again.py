"""A server that is killed while a model has said nothing yet: where its flow says so, the run begins anew, once."""

import asyncio
import json
import signal
from pathlib import Path

import aiohttp

from tests.anthropic.upstream import HANG, Pause, Upstream, begun, chunk, streamed, text, upstream
from tests.faults.rig import Client, Server, server, together

WHOLE = streamed("A mill", " race")
TOLD = ["run.started", "run.restarted", "item", "item", "run.completed"]


async def set_to_run_again(one: Server) -> None:
    """Say so in the flow, as its builder does."""
    headers = {"Authorization": f"Bearer {one.key}"}
    url = f"{one.url}/api/v1/flows/{one.flow}"
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.get(url) as answer:
            flow = await answer.json()
        trigger = next(node for node in flow["graph"]["nodes"] if node["action"] == "chat.completion_trigger")
        trigger["properties"]["after_crash"] = "run_again"
        body = {"revision": flow["revision"], "graph": flow["graph"]}
        async with session.put(f"{url}/graph", json=body) as answer:
            assert answer.status == 200, await answer.text()


async def asked(model: Upstream, times: int) -> None:
    async with asyncio.timeout(20):
        while len(model.requests) < times:
            await asyncio.sleep(0.01)


async def killed(one: Server) -> None:
    one.signal(signal.SIGKILL)
    one.wait()


async def restarted(one: Server) -> None:
    one.start()
    await one.ready()


async def read_on(client: Client) -> None:
    async with aiohttp.ClientSession() as session:
        await client.resume(session)


def stored_types(one: Server) -> list[str]:
    """Return the types of the one run's events, after their numbers were checked."""
    ((events),) = one.stored().values()
    assert [seq for seq, _ in events] == list(range(1, len(events) + 1))
    return [json.loads(data)["type"] for _, data in events]


async def test_after_a_kill_only_the_run_that_had_given_nothing_is_completed(tmp_path: Path) -> None:
    async with upstream([HANG], [*begun("A mill"), HANG], WHOLE) as model:
        with server(tmp_path, model.url, 10) as one:
            await one.ready()
            await set_to_run_again(one)
            silent, given = Client(one), Client(one)
            reading = asyncio.create_task(together(silent))
            await asked(model, 1)
            also_reading = asyncio.create_task(together(given))
            async with asyncio.timeout(20):
                while "item" not in given.names:
                    await asyncio.sleep(0.01)
            await killed(one)
            await asyncio.gather(reading, also_reading)
            await restarted(one)
            await asyncio.gather(read_on(silent), read_on(given))
            assert (silent.names, silent.gaps()) == (TOLD, 0)
            assert given.names == ["run.started", "item", "run.interrupted"]
            assert len(model.requests) == 3


async def test_a_second_kill_ends_it(tmp_path: Path) -> None:
    silent = [*begun(), HANG]  # it has answered, without a word
    async with upstream(silent, silent, WHOLE) as model:
        with server(tmp_path, model.url, 10) as one:
            await one.ready()
            await set_to_run_again(one)
            client = Client(one)
            reading = asyncio.create_task(together(client))
            await asked(model, 1)
            await killed(one)
            await reading
            await restarted(one)
            await asked(model, 2)
            await killed(one)
            await restarted(one)
            await read_on(client)
            assert client.names == ["run.started", "run.restarted", "run.interrupted"]
            assert len(model.requests) == 2


async def test_a_server_that_was_frozen_and_wakes_adds_nothing_to_the_second_run(tmp_path: Path) -> None:
    """While it is frozen the model speaks, and another server takes the run over and completes it."""
    late = [*begun(), Pause(1), chunk(text("Too late")), HANG]
    async with upstream(late, WHOLE) as model:
        with server(tmp_path, model.url, 10) as one:
            await one.ready()
            await set_to_run_again(one)
            client = Client(one)
            reading = asyncio.create_task(together(client))
            await asked(model, 1)
            one.signal(signal.SIGSTOP)
            other = Server(tmp_path, model.url, 10, flow=one.flow, key=one.key)
            other.start()
            try:
                await seen_to_by(other, client, model)
                before = other.stored()
                one.signal(signal.SIGCONT)
                await asyncio.wait_for(model.requests[0].left.wait(), 10)
                assert other.stored() == before
                assert stored_types(other).count("item") == 2
                await reading
                assert client.names[: len(TOLD)] == TOLD
            finally:
                assert other.process
                other.process.kill()
                other.wait()


async def seen_to_by(other: Server, client: Client, model: Upstream) -> None:
    await other.ready()
    await asyncio.wait_for(asked(model, 2), 40)  # the lease must be over first
    reader = Client(other, client.run, received=list(client.received))
    await read_on(reader)
    assert reader.names == TOLD[1:]
