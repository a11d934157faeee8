"""A client that notes what it received, byte for byte, in each of the ways in which a run can be heard."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp

from flows.events.events import TERMINAL
from tests.faults.rig import Event, Server, site
from tests.faults.upstream import Ask

Form = Literal["events", "lines", "pages", "socket"]
MEDIA = {"events": "text/event-stream", "lines": "application/x-ndjson", "pages": "application/json"}
PAGE = 7
"""Events of a page: few, so that a run takes many pages."""

Seen = Callable[["Client"], None]


def nothing(client: "Client") -> None:
    """See, and do nothing."""


@dataclass
class Client:
    """Hears one run and notes each event with its number."""

    server: Server
    ask: Ask = field(default_factory=Ask)
    flow: str = "patient"
    form: Form = "events"
    member: bool = False
    """Whether it is a signed-in person, who also sees the trace, instead of an API key."""
    seen: Seen = nothing
    """Called after every event."""
    leave_after: int | None = None
    """How many events it takes before it goes away."""
    run: str = ""
    received: list[Event] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """The names of events that are not in the log, such as `reconnect`."""

    @property
    def cursor(self) -> int:
        return self.received[-1][0] if self.received else 0

    @property
    def last(self) -> Any:
        """The last event, as JSON."""
        return json.loads(self.received[-1][1]) if self.received else {"type": "none"}

    @property
    def ended(self) -> bool:
        return self.last["type"] in TERMINAL

    @property
    def headers(self) -> dict[str, str]:
        if self.member:
            return {"Cookie": f"sessionid={site().session}"}
        return {"Authorization": f"Bearer {site().key}"}

    async def start(self, session: aiohttp.ClientSession, **headers: str) -> None:
        """Start a run and hear it until its end, or until the connection breaks."""
        url = f"{self.server.url}/api/v1/flows/{site().flows[self.flow]}/stream"
        given = {**self.headers, "Accept": MEDIA[self.form], **headers}
        async with session.post(url, json={"prompt": self.ask.prompt}, headers=given) as answer:
            assert answer.status == 200, await answer.text()
            self.run = answer.headers["X-Run"]
            await self._note(_stream(answer, self))

    async def resume(self, session: aiohttp.ClientSession) -> None:
        """Hear the run on, after the last event that came, in the client's form."""
        if self.form == "pages":
            await self._note(self._pages(session))
        elif self.form == "socket":
            await self._note(self._socket(session))
        else:
            headers = {**self.headers, "Accept": MEDIA[self.form], "Last-Event-ID": str(self.cursor)}
            async with session.get(f"{self._url}/events", headers=headers) as answer:
                assert answer.status in (200, 204), await answer.text()
                await self._note(_stream(answer, self))

    async def cancel(self, session: aiohttp.ClientSession, server: Server | None = None) -> str:
        """Stop the run, by another server when one is given; return the status that the call answers."""
        url = f"{(server or self.server).url}/api/v1/runs/{self.run}/cancel"
        async with session.post(url, headers=self.headers) as answer:
            return str((await answer.json())["status"])

    @property
    def _url(self) -> str:
        return f"{self.server.url}/api/v1/runs/{self.run}"

    async def _note(self, events: AsyncIterator[Event]) -> None:
        taken = 0
        try:
            async for event in events:
                self.received.append(event)
                self.seen(self)
                taken += 1
                if taken == self.leave_after:
                    return
        except (aiohttp.ClientError, asyncio.IncompleteReadError, ConnectionError):
            return

    async def _pages(self, session: aiohttp.ClientSession) -> AsyncIterator[Event]:
        after, ended = self.cursor, False
        headers = {**self.headers, "Accept": MEDIA["pages"]}
        while not ended:
            query = f"after={after}&limit={PAGE}"
            async with session.get(f"{self._url}/events?{query}", headers=headers) as answer:
                text = await answer.text()
            page = json.loads(text)
            after, ended = page["next"], page["ended"]
            for event in elements(text):
                yield event
            await asyncio.sleep(0 if page["events"] else 0.05)

    async def _socket(self, session: aiohttp.ClientSession) -> AsyncIterator[Event]:
        url = f"{self.server.url}/ws/flows/{site().flows[self.flow]}"
        async with session.ws_connect(url, headers={**self.headers, "Origin": self.server.url}) as socket:
            await socket.send_json({"type": "run.follow", "ref": "1", "run": self.run, "after": self.cursor})
            async for message in socket:
                for event in elements(message.data):
                    yield event
                    if json.loads(event[1])["type"] in TERMINAL:
                        return


async def _stream(answer: aiohttp.ClientResponse, client: Client) -> AsyncIterator[Event]:
    """Yield the events of an answer that grows, and note the names of those that carry no number."""
    parse = _of_events if client.form == "events" else _of_lines
    rest = b""
    async for piece in answer.content.iter_any():
        whole, end, rest = (rest + piece).rpartition(b"\n\n" if client.form == "events" else b"\n")
        for event in parse(whole.decode()) if end else ():
            if isinstance(event, str):
                client.told.append(event)
            else:
                yield event


def _of_events(text: str) -> Iterator[Event | str]:
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if "id" in fields:
            yield int(fields["id"]), fields["data"]
        elif "event" in fields:
            yield fields["event"]


def _of_lines(text: str) -> Iterator[Event]:
    for line in text.split("\n"):
        if data := line.strip(" "):
            yield json.loads(data)["seq"], data


def elements(text: str) -> Iterator[Event]:
    """Yield the elements of the message's `events`, each as the very characters that were sent."""
    decoder, name = json.JSONDecoder(), '"events":['
    at = text.find(name) + len(name) if name in text else len(text)
    while at < len(text) and text[at] != "]":
        event, end = decoder.raw_decode(text, at)
        yield event["seq"], text[at:end]
        at = end + (text[end] == ",")


@asynccontextmanager
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Open a session without a limit on connections or on time."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=30)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as session:
        yield session


async def together(*clients: Client, within_s: float = 120) -> None:
    """Let every client start its run and hear it as far as it comes."""
    async with http() as session, asyncio.timeout(within_s):
        await asyncio.gather(*(_started(client, session) for client in clients))


async def _started(client: Client, session: aiohttp.ClientSession) -> None:
    try:
        await client.start(session)
    except aiohttp.ClientError:
        return  # the server died before it answered


async def resumed(*clients: Client, within_s: float = 60) -> None:
    async with http() as session, asyncio.timeout(within_s):
        await asyncio.gather(*(client.resume(session) for client in clients))
