"""Writes what a client is told: the tools, and a run as the result of a call, with its progress. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from actions.contract.records import render
from flows.events.events import TERMINAL
from flows.events.fold import RunState
from flows.events.yielded import MAX_YIELDED_BYTES
from flows.log.frames import Frame
from flows.protocols.encoder import (
    Encoder,
    Mapped,
    YieldedPiece,
    describe_error,
    read_end,
    read_piece,
    read_result,
    read_text_json,
    write_data,
)
from flows.protocols.mcp.parse import HANDSHAKE_VERSIONS, STATELESS_VERSIONS, Id, Message
from flows.protocols.text_so_far import NO_TEXT, TextSoFar

SERVER = {"name": "millrace", "title": "Millrace", "version": "1"}
"""The version is that of the API, as in its OpenAPI document."""
CAPABILITIES = {"tools": {"listChanged": False}}
UNCACHED = {"ttlMs": 0, "cacheScope": "private"}
"""Of answers that the newer generation lets a client keep: what a key may call changes at any time."""
MAX_LINKS = 100
"""Of the sources of one answer, each of which is one link."""
TOO_LARGE = f"The flow has yielded more than one result may hold: {MAX_YIELDED_BYTES // 1024**2} MB. Ask for less."
NOT_STORED = "The end of the run could not be stored. Try again."


class AnswerSoFar(NamedTuple):
    """What a run has yielded, as the result of a call holds it."""

    text: TextSoFar = NO_TEXT
    data: TextSoFar = NO_TEXT
    """Each piece is a value of the kind data, as JSON."""
    links: tuple[tuple[str, str], ...] = ()
    """The address and the name of each source that has an address, once."""
    size: int = 0
    """Of what was yielded, in bytes."""
    has_text: bool = False
    """Whether a text was yielded, be it empty."""

    @property
    def is_too_large(self) -> bool:
        return self.size > MAX_YIELDED_BYTES

    def add(self, piece: YieldedPiece, size: int) -> "AnswerSoFar":
        """Return what there is with the next piece, which is an event of so many bytes."""
        answer = self._replace(size=self.size + size, has_text=self.has_text or piece.kind is None)
        if answer.is_too_large:
            return AnswerSoFar(size=answer.size)
        if piece.text:
            answer = answer._replace(text=answer.text.add(piece.text))
        if piece.kind == "data":
            answer = answer._replace(data=answer.data.add(render(piece.value)))
        for citation in piece.citations:
            answer = answer._add_link(citation["url"], citation["title"] or citation["source"])
        return answer

    def add_text(self, text: str, size: int) -> "AnswerSoFar":
        """Return what `add` does, for a text that cites nothing."""
        size += self.size
        if size > MAX_YIELDED_BYTES:
            return AnswerSoFar(size=size)
        return AnswerSoFar(self.text.add(text), self.data, self.links, size, has_text=True)

    def _add_link(self, url: str | None, name: str | None) -> "AnswerSoFar":
        if url is None or not url.startswith(("http://", "https://")) or len(self.links) == MAX_LINKS:
            return self
        link = (url, name or url)
        return self if link in self.links else self._replace(links=(*self.links, link))


class ProgressState(NamedTuple):
    """What the next message depends on."""

    message: Message
    """The call, which is answered."""
    head_bytes: bytes
    """What a notification is formatted with."""
    progress: int
    """How many notifications were sent."""
    answer: AnswerSoFar


class ToolCallEvents(Encoder[ProgressState]):
    """One yield is one notification of progress; the last message is the result, which holds the whole answer."""

    mapped = (
        Mapped("`name` of `tools/call`", "the flow, by its address name"),
        Mapped("`arguments`", "the input of the trigger: `prompt` of a chat, or the body that its schema describes"),
        Mapped("`_meta.progressToken`", "asks for `notifications/progress`, in a stream of events"),
        Mapped("no `progressToken`", "the result alone, as JSON"),
        Mapped("header `Mcp-Session-Id` with the `id` of a request", "the same run for the same call"),
        Mapped("header `Idempotency-Key`, where there is no session", "the same run for the same call"),
        Mapped("`task`, other fields of `_meta`, headers `Mcp-Param-…`", "ignored"),
        Mapped("batches, `resources/…`, `prompts/…`, `logging/…`, `subscriptions/listen`, `GET`, `DELETE`", "refused"),
        Mapped("yielded text, or a value as JSON", "`message` of a progress, and the first `text` of `content`"),
        Mapped("what the flow returns, when it has yielded no text", "the first `text` of `content`"),
        Mapped("… and it is an object", "`structuredContent` too"),
        Mapped("citations with a URL", "`resource_link`, each source once, since version 2025-06-18"),
        Mapped("arguments that the trigger does not take", "a result with `isError`"),
        Mapped("failure, cancel, drain", "a result with `isError`, whose last text says why"),
        Mapped("limits, a key that may not", "HTTP status and a JSON-RPC error with `data.code`"),
        Mapped("usage, why the answer ended", "left out: the protocol has no word for them"),
        Mapped("`notifications/cancelled` within a session", "cancels the run"),
        Mapped("client that closes its request", "cancels the run"),
    )

    kinds = {
        "thinking": "`message` of a progress",
        "source": "`resource_link` with a URL, each source once",
        "data": "`message` of a progress, and a `text` of `content`",
        "tool": "`message` of a progress",
    }

    def __init__(self, message: Message, token: Id) -> None:
        # The arguments may be megabytes, and the state is kept as long as the stream.
        super().__init__(ProgressState(replace(message, params={}), _begin_progress(token), 0, AnswerSoFar()))

    @staticmethod
    def encode_frame(state: ProgressState, frame: Frame) -> tuple[bytes, ProgressState]:
        if frame.type == "item":
            if text := read_text_json(frame):
                return _write_text(state, text, len(frame.data))
            return _write_progress(state, frame)
        if frame.type in TERMINAL:
            return write_data(
                build_reply(state.message, build_result(state.answer, read_end(frame), state.message))
            ), state
        return b"", state


def _write_text(state: ProgressState, text: bytes, size: int) -> tuple[bytes, ProgressState]:
    """Return the progress of an event of so many bytes that has yielded this text, which is JSON already."""
    progress = state.progress + 1
    answer = state.answer.add_text(from_json(text), size)
    return state.head_bytes % (progress, text), ProgressState(state.message, state.head_bytes, progress, answer)


def _begin_progress(token: Id) -> bytes:
    """Return what a progress is formatted with: its number and the JSON of its message."""
    token_json = to_json(token).replace(b"%", b"%%")
    head = b'data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":'
    return head + token_json + b',"progress":%d,"message":%b}}\n\n'


def _write_progress(state: ProgressState, frame: Frame) -> tuple[bytes, ProgressState]:
    piece = read_piece(frame)
    state = state._replace(answer=state.answer.add(piece, len(frame.data)))
    text = piece.text if piece.kind is None else render(piece.value)
    if not text:
        return b"", state
    state = state._replace(progress=state.progress + 1)
    return state.head_bytes % (state.progress, to_json(text)), state


def gather_pieces(pieces: Iterable[YieldedPiece]) -> AnswerSoFar:
    """Return what was yielded, which is known to have room."""
    answer = AnswerSoFar()
    for piece in pieces:
        answer = answer.add(piece, 0)
    return answer


def build_result(answer: AnswerSoFar, end: RunState, message: Message) -> dict[str, Any]:
    """Return the result of a call whose run has ended so, or whose end could not be stored."""
    if end["status"] != "completed":
        why = describe_error(end["error"]) if end["error"] else NOT_STORED
        return build_failure(*([answer.text.join()] if answer.text.characters else []), why)
    if answer.is_too_large:
        return build_failure(TOO_LARGE)
    texts = [answer.text.join() + read_result(end, answer.has_text), *answer.data.split()]
    links = [{"type": "resource_link", "uri": uri, "name": name} for uri, name in answer.links]
    content = [*map(_build_text, texts), *(links if message.has_links else [])]
    is_structured = not answer.has_text and isinstance(end["result"], dict)
    return {"content": content, "isError": False, **({"structuredContent": end["result"]} if is_structured else {})}


def build_failure(*texts: str) -> dict[str, Any]:
    """Return the result of a call that has failed; the last text says why, for the model that has called."""
    return {"content": [_build_text(text) for text in texts], "isError": True}


def _build_text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def build_reply(message: Message, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the response to a request. The newer generation says that a result is not one of several steps."""
    whole = {**result, "resultType": "complete"} if message.is_stateless else result
    return {"jsonrpc": "2.0", "id": message.id, "result": whole}


def describe_server(version: str) -> dict[str, Any]:
    """Return the answer to `initialize`."""
    return {"protocolVersion": version, "capabilities": CAPABILITIES, "serverInfo": SERVER}


def describe_discovery() -> dict[str, Any]:
    """Return the answer to `server/discover`, by which a client of the newer generation begins."""
    versions = [*STATELESS_VERSIONS, *HANDSHAKE_VERSIONS]
    meta = {"io.modelcontextprotocol/serverInfo": SERVER}
    return {"supportedVersions": versions, "capabilities": CAPABILITIES, **UNCACHED, "_meta": meta}


def describe_tool(name: str, title: str, description: str, input_schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "title": title, "description": description, "inputSchema": input_schema}


def describe_tools(tools: Iterable[Mapping[str, Any]], cursor: str | None, message: Message) -> dict[str, Any]:
    """Return the answer to `tools/list`."""
    more = {"nextCursor": cursor} if cursor else {}
    return {"tools": list(tools), **more, **(UNCACHED if message.is_stateless else {})}
