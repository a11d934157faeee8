"""Kills a server at a chosen chunk of many streams, and restarts it: for the experiments with `kill -9`."""

import time
from dataclasses import dataclass

from tests.faults.clients import Client, ignore_event, resume_together, start_together
from tests.faults.rig import Server
from tests.faults.upstream import ScriptedPrompt

CHUNKS = 100
PAUSE_S = 0.005


async def kill_at(server: Server, chunk: int, streams: int) -> list[Client]:
    """Run `streams` streams and kill the server when the first client has seen `chunk`; return those that began."""

    def kill(client: Client) -> None:
        if len(client.received) == chunk + 1 and server.is_alive():  # one for `run.started`
            server.kill()

    clients = [Client(server, ScriptedPrompt(chunks=CHUNKS, pause_s=PAUSE_S), on_event=kill) for _ in range(streams)]
    await start_together(*clients)
    assert not server.is_alive()
    for client in clients:
        client.on_event = ignore_event  # they continue to read after the restart, and must not kill again
    return [client for client in clients if client.run]


@dataclass
class Restart:
    """How long a restarted server took, in seconds."""

    from_exec: float
    """Until every run was heard to its end, from the start of the new process."""
    from_listening: float
    """The same from the moment at which the new process took its first connection."""


async def restart(server: Server, clients: list[Client]) -> Restart:
    """Start the server again and hear the runs of `clients` on to their ends."""
    began = time.monotonic()
    server.start()
    held_s = await server.wait_until_ready()
    ready = time.monotonic()
    await resume_together(*clients)
    now = time.monotonic()
    return Restart(now - began, now - ready + held_s)
