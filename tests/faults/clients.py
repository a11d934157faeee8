"""A client that records what it receives, byte for byte, in each of the formats in which a run can be read."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp

from flows.events.events import TERMINAL
from tests.faults.rig import Event, Server, get_site
from tests.faults.upstream import ScriptedPrompt

WireFormat = Literal["events", "lines", "pages", "socket"]
MEDIA_TYPES = {"events": "text/event-stream", "lines": "application/x-ndjson", "pages": "application/json"}
EVENTS_PER_PAGE = 7
"""Few, so that a run takes many pages."""

OnEvent = Callable[["Client"], None]


def ignore_event(client: "Client") -> None:
    """Do nothing."""


@dataclass
class Client:
    """Reads one run and records each event with its number."""

    server: Server
    ask: ScriptedPrompt = field(default_factory=ScriptedPrompt)
    flow: str = "patient"
    wire_format: WireFormat = "events"
    member: bool = False
    """Whether it is a signed-in person, who also reads the trace, instead of an API key."""
    on_event: OnEvent = ignore_event
    """Called after every event."""
    leave_after: int | None = None
    """After how many events it disconnects."""
    run: str = ""
    received: list[Event] = field(default_factory=list)
    unnumbered: list[str] = field(default_factory=list)
    """The names of events without a number, which are not in the log, such as `reconnect`."""

    @property
    def cursor(self) -> int:
        return self.received[-1][0] if self.received else 0

    @property
    def last(self) -> Any:
        """The last event, as JSON."""
        return json.loads(self.received[-1][1]) if self.received else {"type": "none"}

    @property
    def has_ended(self) -> bool:
        return self.last["type"] in TERMINAL

    @property
    def headers(self) -> dict[str, str]:
        if self.member:
            return {"Cookie": f"sessionid={get_site().session}"}
        return {"Authorization": f"Bearer {get_site().key}"}

    async def start(self, session: aiohttp.ClientSession, **headers: str) -> None:
        """Start a run and read it until its end, or until the connection breaks."""
        url = f"{self.server.url}/api/v1/flows/{get_site().flows[self.flow]}/stream"
        given = {**self.headers, "Accept": MEDIA_TYPES[self.wire_format], **headers}
        async with session.post(url, json={"prompt": self.ask.prompt}, headers=given) as answer:
            assert answer.status == 200, await answer.text()
            self.run = answer.headers["X-Run"]
            await self._record(_read_stream(answer, self))

    async def resume(self, session: aiohttp.ClientSession) -> None:
        """Continue to read the run after the last event that came, in the client's format."""
        if self.wire_format == "pages":
            await self._record(self._read_pages(session))
        elif self.wire_format == "socket":
            await self._record(self._read_socket(session))
        else:
            headers = {**self.headers, "Accept": MEDIA_TYPES[self.wire_format], "Last-Event-ID": str(self.cursor)}
            async with session.get(f"{self._url}/events", headers=headers) as answer:
                assert answer.status in (200, 204), await answer.text()
                await self._record(_read_stream(answer, self))

    async def cancel(self, session: aiohttp.ClientSession, server: Server | None = None) -> str:
        """Cancel the run, by another server when one is given; return the status in the answer."""
        url = f"{(server or self.server).url}/api/v1/runs/{self.run}/cancel"
        async with session.post(url, headers=self.headers) as answer:
            return str((await answer.json())["status"])

    @property
    def _url(self) -> str:
        return f"{self.server.url}/api/v1/runs/{self.run}"

    async def _record(self, events: AsyncIterator[Event]) -> None:
        count = 0
        try:
            async for event in events:
                self.received.append(event)
                self.on_event(self)
                count += 1
                if count == self.leave_after:
                    return
        except (aiohttp.ClientError, asyncio.IncompleteReadError, ConnectionError):
            return

    async def _read_pages(self, session: aiohttp.ClientSession) -> AsyncIterator[Event]:
        after, ended = self.cursor, False
        headers = {**self.headers, "Accept": MEDIA_TYPES["pages"]}
        while not ended:
            query = f"after={after}&limit={EVENTS_PER_PAGE}"
            async with session.get(f"{self._url}/events?{query}", headers=headers) as answer:
                text = await answer.text()
            page = json.loads(text)
            after, ended = page["next"], page["ended"]
            for event in parse_elements(text):
                yield event
            await asyncio.sleep(0 if page["events"] else 0.05)

    async def _read_socket(self, session: aiohttp.ClientSession) -> AsyncIterator[Event]:
        url = f"{self.server.url}/ws/flows/{get_site().flows[self.flow]}"
        async with session.ws_connect(url, headers={**self.headers, "Origin": self.server.url}) as socket:
            await socket.send_json({"type": "run.follow", "ref": "1", "run": self.run, "after": self.cursor})
            async for message in socket:
                for event in parse_elements(message.data):
                    yield event
                    if json.loads(event[1])["type"] in TERMINAL:
                        return


async def _read_stream(answer: aiohttp.ClientResponse, client: Client) -> AsyncIterator[Event]:
    """Yield the events of a streamed answer, and record the names of those without a number."""
    parse = _parse_sse if client.wire_format == "events" else _parse_lines
    rest = b""
    async for piece in answer.content.iter_any():
        whole, end, rest = (rest + piece).rpartition(b"\n\n" if client.wire_format == "events" else b"\n")
        for event in parse(whole.decode()) if end else ():
            if isinstance(event, str):
                client.unnumbered.append(event)
            else:
                yield event


def _parse_sse(text: str) -> Iterator[Event | str]:
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if "id" in fields:
            yield int(fields["id"]), fields["data"]
        elif "event" in fields:
            yield fields["event"]


def _parse_lines(text: str) -> Iterator[Event]:
    for line in text.split("\n"):
        if data := line.strip(" "):
            yield json.loads(data)["seq"], data


def parse_elements(text: str) -> Iterator[Event]:
    """Yield the elements of the message's `events`, each as exactly the characters that were sent."""
    decoder, name = json.JSONDecoder(), '"events":['
    at = text.find(name) + len(name) if name in text else len(text)
    while at < len(text) and text[at] != "]":
        event, end = decoder.raw_decode(text, at)
        yield event["seq"], text[at:end]
        at = end + (text[end] == ",")


@asynccontextmanager
async def open_session() -> AsyncIterator[aiohttp.ClientSession]:
    """Open a session without a limit on connections or on time."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=30)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as session:
        yield session


async def start_together(*clients: Client, within_s: float = 120) -> None:
    """Let every client start its run, and read it until it ends or the connection breaks."""
    async with open_session() as session, asyncio.timeout(within_s):
        await asyncio.gather(*(_start_unless_dead(client, session) for client in clients))


async def _start_unless_dead(client: Client, session: aiohttp.ClientSession) -> None:
    try:
        await client.start(session)
    except aiohttp.ClientError:
        return  # the server died before it answered


async def resume_together(*clients: Client, within_s: float = 60) -> None:
    async with open_session() as session, asyncio.timeout(within_s):
        await asyncio.gather(*(client.resume(session) for client in clients))
