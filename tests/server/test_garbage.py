"""Full collections are made in quiet moments, and none while a server is busy."""

import asyncio
import gc
import subprocess
import sys
import time
import weakref

import pytest

from server import garbage
from server.garbage import collect_when_quiet

GROWING = """
import gc
from server.garbage import leave_full_collections_to_quiet, pause_collections

full = []
gc.callbacks.append(lambda phase, info: full.append(phase) if info["generation"] == 2 else None)
with pause_collections():
    held = [[] for _ in range(300_000)]
    leave_full_collections_to_quiet()
held += [[] for _ in range(300_000)]
print(len(full), gc.isenabled(), gc.get_freeze_count() > 300_000)
"""


class Knot:
    """Garbage that only a collection finds."""

    def __init__(self) -> None:
        self.me = self


async def wait_until_collected(knot: weakref.ref[Knot], limit_s: float) -> bool:
    end = time.monotonic() + limit_s
    while knot() is not None and time.monotonic() < end:
        await asyncio.sleep(0.01)
    return knot() is None


@pytest.mark.parametrize(
    ("quiet_s", "min_blocks", "max_blocks", "is_collected"),
    [
        (1_000.0, 100, garbage.NEVER, True),
        (1_000.0, garbage.NEVER, garbage.NEVER, False),  # nothing to be found
        (-1.0, 100, garbage.NEVER, False),  # never quiet
        (-1.0, 100, 200, True),  # never quiet, and much has come
    ],
)
async def test_garbage_is_collected_in_a_quiet_moment_or_when_there_is_much(
    monkeypatch: pytest.MonkeyPatch, quiet_s: float, min_blocks: int, max_blocks: int, is_collected: bool
) -> None:
    monkeypatch.setattr(garbage, "QUIET_S", quiet_s)
    monkeypatch.setattr(garbage, "MIN_NEW_BLOCKS", min_blocks)
    monkeypatch.setattr(garbage, "MAX_NEW_BLOCKS", max_blocks)
    gc.collect()
    gc.disable()
    task = asyncio.create_task(collect_when_quiet(0.02))
    await asyncio.sleep(0)
    try:
        knots = [Knot() for _ in range(1_000)]
        last = weakref.ref(knots[-1])
        held = [[number] for number in range(10_000)]
        del knots
        assert await wait_until_collected(last, 10 if is_collected else 0.3) == is_collected
        assert held
    finally:
        task.cancel()
        gc.enable()


def test_cpython_makes_no_full_collection_once_a_server_is_ready() -> None:
    done = subprocess.run([sys.executable, "-c", GROWING], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["0", "True", "True"]
