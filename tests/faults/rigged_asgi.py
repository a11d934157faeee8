"""Millrace with what only the experiments need, and counts of its tasks and of its garbage.

The product does not know this module: a server runs it instead of `config.asgi`.
"""

import asyncio
import gc

from config.asgi import application as millrace
from tests.faults.rigging import rig_process
from web.middleware.asgi import Receive, Scope, Send, respond


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope.get("path") == "/rig/tasks":
        await respond(send, 200, (), str(len(asyncio.all_tasks())).encode())
    elif scope.get("path") == "/rig/garbage":
        await respond(send, 200, (), str(gc.collect()).encode())
    else:
        await millrace(scope, receive, send)


rig_process()
