"""Serves an ASGI application on a socket."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn


@asynccontextmanager
async def serve(app: Any) -> AsyncIterator[str]:
    """Serve an application on a free port and yield its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", lifespan="on")
    config.load()
    server = uvicorn.Server(config)
    # Begun and ended by hand, because the loop of `serve` looks at its flags only ten times in a second.
    server.lifespan = config.lifespan_class(config)
    await server.lifespan.startup()
    await server.startup([listener])
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.force_exit = True
    await server.shutdown([listener])
