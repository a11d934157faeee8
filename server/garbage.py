"""Collects garbage when nobody waits: a full collection looks at every object, and all streams stand still meanwhile.

CPython makes one whenever there are a quarter more objects than at the last one. While 2,000 clients connect, that is
one of 50 to 90 ms each second. It goes on with the small collections, which find nearly all; the full ones are made
here.
"""

import asyncio
import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

NEVER = 1_000_000_000
LOOK_INTERVAL_S = 2.0
QUIET_S = 0.1
"""A process that had no more processor time since the last look streams little or nothing."""
MIN_NEW_BLOCKS = 50_000
"""So many blocks of memory more are worth a full collection in a quiet moment: some 4 MB."""
MAX_NEW_BLOCKS = 1_000_000
"""With so many more, one is made in any moment: some 80 MB."""


@contextmanager
def pause_collections() -> Iterator[None]:
    """Make no collection in this block: imports make many objects, of which nearly none is garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def leave_full_collections_to_quiet() -> None:
    """Let no collection look at what exists now, and let CPython begin no full one.

    Whoever calls this keeps `collect_when_quiet` running.
    """
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], NEVER)


async def collect_when_quiet(interval_s: float = LOOK_INTERVAL_S) -> None:
    """Make a full collection in each quiet moment in which it is worth it, until the task is cancelled."""
    blocks = sys.getallocatedblocks()
    while True:
        spent_s = time.process_time()
        await asyncio.sleep(interval_s)
        is_quiet = time.process_time() - spent_s <= QUIET_S
        if sys.getallocatedblocks() - blocks > (MIN_NEW_BLOCKS if is_quiet else MAX_NEW_BLOCKS):
            gc.collect()
            blocks = sys.getallocatedblocks()
