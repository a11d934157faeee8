"""Millrace with what only the experiments need, and a count of tasks.

The product does not know this module: a server runs it instead of `config.asgi`.
"""

import asyncio

from config.asgi import application as millrace
from tests.faults.rigging import rig_process
from web.middleware.asgi import Receive, Scope, Send, respond


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope.get("path") == "/rig/tasks":
        await respond(send, 200, (), str(len(asyncio.all_tasks())).encode())
    else:
        await millrace(scope, receive, send)


rig_process()
