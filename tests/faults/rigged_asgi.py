"""Millrace with what only the experiments need: slower commits, broken ones, short leases, a count of tasks.

The product does not know this module: a server runs it instead of `config.asgi`.
"""

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from config.asgi import application as millrace
from flows.log import rows
from flows.log.frames import Entry
from flows.runs import leases
from web.middleware.asgi import Receive, Scope, Send, respond

COMMIT_S = float(os.environ.get("RIG_COMMIT_S", "0"))
"""How much longer a commit takes."""
SHOWN_FIRST = "RIG_SHOWN_FIRST" in os.environ
"""Break the promise on purpose: a batch is reported as stored before it is stored."""
LEASE_S = float(os.environ.get("RIG_LEASE_S", "0"))

_commit = rows.commit_batch
_later_commits = ThreadPoolExecutor(1)


def commit_slowly(batch: list[Entry]) -> frozenset[object]:
    time.sleep(COMMIT_S)
    return _commit(batch)


def commit_after_showing(batch: list[Entry]) -> frozenset[object]:
    _later_commits.submit(commit_slowly, batch)
    return frozenset()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope.get("path") == "/rig/tasks":
        await respond(send, 200, (), str(len(asyncio.all_tasks())).encode())
    else:
        await millrace(scope, receive, send)


rows.commit_batch = commit_after_showing if SHOWN_FIRST else commit_slowly  # type: ignore[assignment]
if LEASE_S:
    leases.LEASE, leases.HEARTBEAT_INTERVAL_S = timedelta(seconds=LEASE_S), LEASE_S / 3
