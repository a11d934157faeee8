"""A client of the canvas's socket."""

from typing import Any

from channels.testing import WebsocketCommunicator
from django.test import Client

from config.asgi import application


class Socket:
    """A browser's side of the socket."""

    def __init__(
        self, flow_id: Any, client: Client | None, origin: str = "http://testserver", key: str | None = None
    ) -> None:
        cookie = f"sessionid={client.cookies['sessionid'].value}" if client else ""
        headers = [(b"origin", origin.encode()), (b"host", b"testserver"), (b"cookie", cookie.encode())]
        headers += [(b"authorization", f"Bearer {key}".encode())] if key else []
        self.wire = WebsocketCommunicator(application, f"/ws/flows/{flow_id}", headers=headers)

    async def open(self) -> bool:
        connected, _ = await self.wire.connect(timeout=60)  # the first one waits for the start
        return bool(connected)

    async def send(self, **message: Any) -> None:
        await self.wire.send_json_to(message)

    async def answer(self) -> Any:
        return await self.wire.receive_json_from(timeout=60)

    async def events(self) -> list[dict[str, Any]]:
        """Return the events up to the terminal one; other answers are passed over."""
        events: list[dict[str, Any]] = []
        while not events or not events[-1]["type"].startswith("run.") or events[-1]["type"] == "run.started":
            events += (await self.answer()).get("events", [])
        return events
