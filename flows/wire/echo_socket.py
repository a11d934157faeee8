"""A socket that sends one message back: by it a page tells whether a proxy lets sockets through."""

import asyncio

from channels.generic.websocket import AsyncWebsocketConsumer

from flows.wire.socket_protocol import SIGNED_OUT, TOO_BIG
from web.database import in_database
from workspaces.access import authenticate_scope

MAX_ECHO_CHARACTERS = 100
MAX_OPEN_S = 5.0


class EchoConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Opens for members, echoes the first message, and closes: after that one, or after `MAX_OPEN_S` seconds."""

    async def connect(self) -> None:
        self.ending: asyncio.Task[None] | None = None
        if await in_database(authenticate_scope, self.scope) is None:
            await self.close(SIGNED_OUT)
            return
        await self.accept()
        self.ending = asyncio.create_task(self._end_late(), name="end of a socket that says nothing")

    async def _end_late(self) -> None:
        await asyncio.sleep(MAX_OPEN_S)
        await self.close()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        text = text_data or ""
        if len(text) > MAX_ECHO_CHARACTERS:
            await self.close(TOO_BIG)
            return
        await self.send(text_data=text)
        await self.close()

    async def disconnect(self, code: int) -> None:
        if self.ending:
            self.ending.cancel()
            await asyncio.gather(self.ending, return_exceptions=True)
