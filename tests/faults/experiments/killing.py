"""What the experiments with `kill -9` share: a kill at a chosen chunk of many streams, and the restart after it."""

import time
from dataclasses import dataclass

from tests.faults.clients import Client, nothing, resumed, together
from tests.faults.rig import Server
from tests.faults.upstream import Ask

CHUNKS = 100
PAUSE_S = 0.005


async def killed_at(server: Server, chunk: int, streams: int) -> list[Client]:
    """Run `streams` streams and kill the server when the first client has seen `chunk`; return those that began."""

    def kill(client: Client) -> None:
        if len(client.received) == chunk + 1 and server.lives():  # one for `run.started`
            server.kill()

    clients = [Client(server, Ask(chunks=CHUNKS, pause_s=PAUSE_S), seen=kill) for _ in range(streams)]
    await together(*clients)
    assert not server.lives()
    for client in clients:
        client.seen = nothing  # they hear on after the restart, and must not kill again
    return [client for client in clients if client.run]


@dataclass
class Restart:
    """How long a restarted server took, in seconds."""

    from_exec: float
    """Until every run was heard to its end, from the start of the new process."""
    from_listening: float
    """The same from the moment at which the new process took its first connection."""


async def restarted(server: Server, clients: list[Client]) -> Restart:
    """Start the server again and hear the runs of `clients` on to their ends."""
    began = time.monotonic()
    server.start()
    held_s = await server.ready()
    ready = time.monotonic()
    await resumed(*clients)
    now = time.monotonic()
    return Restart(now - began, now - ready + held_s)
