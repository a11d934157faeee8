"""Writes a run as a response, event by event or whole. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Literal, NamedTuple

from pydantic_core import from_json, to_json

from actions.contract.steps import FinishKind
from flows.events.events import TERMINAL, Citation
from flows.events.fold import RunError
from flows.log.frames import Frame
from flows.protocols.encoder import (
    Encoder,
    Mapped,
    TokenCounts,
    YieldedPiece,
    describe_error,
    has_text,
    read_counts,
    read_error,
    read_piece,
    read_result,
    read_text_json,
)
from flows.protocols.text_so_far import NO_TEXT, TextSoFar

RESPONSE_PREFIX = "resp_"
MAX_TEXT_MB = 2
"""The last events of an answer repeat its texts and sources four times, and are encoded on the event loop."""
INCOMPLETE_REASONS: Mapping[FinishKind, str] = {"length": "max_output_tokens", "content_filter": "content_filter"}
"""Why an answer is one that is `incomplete`; every other one is `completed`."""
TOO_LARGE: RunError = {
    "code": "answer_too_large",
    "message": f"The answer is longer than {MAX_TEXT_MB} MB, and the last events would repeat it.",
    "hint": "The deltas before this error are the whole answer. Chat completions have no such limit.",
    "node": None,
    "fault": "caller",
    "retryable": False,
    "retry_after_s": None,
}


ItemKind = Literal["message", "reasoning"]
PARTS: Mapping[ItemKind, str] = {"message": "output_text", "reasoning": "reasoning_text"}
"""The only part of an item, by the kind of the item."""
ID_PREFIXES: Mapping[ItemKind, str] = {"message": "msg_", "reasoning": "rs_"}


class OpenItem(NamedTuple):
    """The item of the output that is written."""

    kind: ItemKind
    place: Mapping[str, Any]
    """The fields by which its events name it."""
    text: TextSoFar
    annotations: tuple[Mapping[str, Any], ...]
    delta_bytes: bytes
    """The beginning of a delta."""


class ResponseState(NamedTuple):
    """What the next event depends on."""

    model: str
    previous_id: str | None
    """The response that the call follows."""
    head: Mapping[str, Any]
    """The fields that the response begins with."""
    sequence: int
    """The number of the next event."""
    output: tuple[Mapping[str, Any], ...]
    """The items that are whole."""
    item: OpenItem | None
    size: int
    """Of what the last events repeat, in bytes: all texts and sources, and the items that hold them."""
    has_yielded: bool


class ResponseEvents(Encoder[ResponseState]):
    """One yield is one delta. An item ends where text follows a thinking, or the other way round, and is repeated then.

    The last event repeats them all.
    """

    mapped = (
        Mapped("`model`", "the flow, by its address name or its id"),
        Mapped("`input` that is a text, or its last `user` message", "`prompt` of the trigger"),
        Mapped("earlier `user` and `assistant` messages", "`history`: their text"),
        Mapped("`instructions`, `system` and `developer` messages", "`instructions`, joined by an empty line"),
        Mapped("`input_image` and `input_file` parts of the last message", "`files`"),
        Mapped("`stream`", "as OpenAI documents it"),
        Mapped("header `X-Session-Id`, else `conversation`", "`session_id`"),
        Mapped("`previous_response_id`", "`session_id` of that response, where a flow keeps a history; else refused"),
        Mapped("neither, unless `store` is false", "a new `session_id`, where a flow keeps a history"),
        Mapped("header `Idempotency-Key`", "the same run for the same call"),
        Mapped("`temperature`, `max_output_tokens`, `tools`, `text`, `metadata` and all other fields", "ignored"),
        Mapped("`reasoning` items; parts in earlier messages that are no text", "ignored"),
        Mapped("`background`, `tool_choice` that demands a call, items of tools, other items", "refused"),
        Mapped("yielded text, or a value as JSON", "`response.output_text.delta`"),
        Mapped("what the flow returns, when it has yielded nothing", "`response.output_text.delta`"),
        Mapped("citations", "`annotations`: `url_citation` with a URL, else `file_citation`"),
        Mapped("why the answer ended", "`status`: `completed`, or `incomplete` with its reason"),
        Mapped("usage of all models of the run", "`usage`; cached input counts in `input_tokens`"),
        Mapped("failure before the first words", "status and `error`"),
        Mapped("failure in the middle, cancel, drain", "`response.failed`, then `error`, which the clients raise"),
        Mapped("client that leaves", "cancels the run"),
    )

    kinds = {
        "thinking": "`response.reasoning_text.delta` of a `reasoning` item",
        "source": "an annotation of the text, as the citations of a text",
    }

    def __init__(self, model: str, previous_id: str | None = None) -> None:
        super().__init__(ResponseState(model, previous_id, {}, 0, (), None, 0, has_yielded=False))

    @staticmethod
    def encode_frame(state: ResponseState, frame: Frame) -> tuple[bytes, ResponseState]:
        if frame.type == "item":
            item = state.item
            if item and item.kind == "message" and (text := read_text_json(frame)):
                return _write_delta(state, item, text)
            return _write_item(state, frame)
        if frame.type == "run.started":
            return _begin(state, from_json(frame.data))
        if frame.type == "run.completed":
            return _end(state, from_json(frame.data))
        if frame.type in TERMINAL:
            status = "cancelled" if frame.type == "run.cancelled" else "failed"
            return _fail(state, read_error(frame), status, from_json(frame.data))
        return b"", state


def build_response(model: str, previous_id: str | None, run: str, at: str) -> dict[str, Any]:
    """Return a response that has begun."""
    return {
        "id": f"{RESPONSE_PREFIX}{run}",
        "object": "response",
        "created_at": int(datetime.fromisoformat(at).timestamp()),
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": None,
        "metadata": {},
        "model": model,
        "output": [],
        "parallel_tool_calls": True,
        "previous_response_id": previous_id,
        "temperature": None,
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "usage": None,
    }


def build_whole_response(
    head: Mapping[str, Any], pieces: Sequence[YieldedPiece], event: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a whole answer; `head` is the response that has begun, `event` the end of the run."""
    result = read_result(event, has_text(pieces))
    given = [*pieces, YieldedPiece(result, ())] if result else pieces
    shown = [piece for piece in given if piece.text or piece.citations or piece.thinking]
    groups = groupby(shown, key=lambda piece: bool(piece.thinking))
    output = [
        _build_whole_item(head, index, "reasoning" if is_thinking else "message", group)
        for index, (is_thinking, group) in enumerate(groups)
    ]
    return _complete(head, output, event)


def _build_whole_item(
    head: Mapping[str, Any], index: int, kind: ItemKind, pieces: Iterable[YieldedPiece]
) -> dict[str, Any]:
    texts: list[str] = []
    annotations: list[dict[str, Any]] = []
    characters = 0
    for piece in pieces:
        annotations += [_annotate(each, characters, len(piece.text)) for each in piece.citations]
        texts.append(piece.text or piece.thinking)
        characters += len(piece.text)
    return _build_item(kind, _name_item(head, kind, index), [_build_part(kind, "".join(texts), annotations)])


def build_usage(counts: TokenCounts) -> dict[str, Any]:
    return {
        "input_tokens": counts.whole_input,
        "input_tokens_details": {"cached_tokens": counts.cache_read, "cache_write_tokens": counts.cache_write},
        "output_tokens": counts.output,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": counts.whole_input + counts.output,
    }


def _begin(state: ResponseState, event: Mapping[str, Any]) -> tuple[bytes, ResponseState]:
    head = build_response(state.model, state.previous_id, event["run"], event["at"])
    state = state._replace(head=head)
    created, state = _write(state, "response.created", {"response": head})
    in_progress, state = _write(state, "response.in_progress", {"response": head})
    return created + in_progress, state


def _write_item(state: ResponseState, frame: Frame) -> tuple[bytes, ResponseState]:
    piece = read_piece(frame)
    if piece.kind is None and not state.has_yielded:
        state = state._replace(has_yielded=True)
    return _write_piece(state, piece)


def _write_piece(state: ResponseState, piece: YieldedPiece) -> tuple[bytes, ResponseState]:
    if piece.thinking:
        return _write_text(state, "reasoning", piece.thinking)
    if not piece.text and not piece.citations:
        return b"", state
    start = state.item.text.characters if state.item and state.item.kind == "message" else 0
    written, state = _write_text(state, "message", piece.text)
    for citation in piece.citations:
        event, state = _write_annotation(state, _annotate(citation, start, len(piece.text)))
        written += event
    return written, state


def _write_text(state: ResponseState, kind: ItemKind, text: str) -> tuple[bytes, ResponseState]:
    begin, state, item = _open_item(state, kind)
    delta, state = _write_delta(state, item, to_json(text))
    return begin + delta, state


def _write_delta(state: ResponseState, item: OpenItem, text: bytes) -> tuple[bytes, ResponseState]:
    """Return the delta of the open item for a text that is JSON already. Each chunk of an answer comes here."""
    model, previous_id, head, sequence, output, _, size, has_yielded = state
    delta = b'%b%b,"sequence_number":%d}\n\n' % (item.delta_bytes, text, sequence)
    size += len(text) - 2  # without its quotes
    held = from_json(text) if size <= MAX_TEXT_MB * 1024**2 else ""  # else the end is an error, and repeats nothing
    item = OpenItem(item.kind, item.place, item.text.add(held), item.annotations, item.delta_bytes)
    # Built as a whole, because `_replace` takes as long as all of the above.
    return delta, ResponseState(model, previous_id, head, sequence + 1, output, item, size, has_yielded)


def _write_annotation(state: ResponseState, annotation: Mapping[str, Any]) -> tuple[bytes, ResponseState]:
    item = state.item
    assert item is not None  # the text that is cited has opened it
    told = {**item.place, "annotation_index": len(item.annotations), "annotation": annotation}
    event, state = _write(state, "response.output_text.annotation.added", told)
    size = state.size + len(event)
    if size <= MAX_TEXT_MB * 1024**2:
        item = item._replace(annotations=(*item.annotations, annotation))
    return event, state._replace(size=size, item=item)


def _open_item(state: ResponseState, kind: ItemKind) -> tuple[bytes, ResponseState, OpenItem]:
    """Return the bytes that end an item of another kind and begin one of this kind, when none is open."""
    if state.item and state.item.kind == kind:
        return b"", state, state.item
    closed, state = _close_item(state)
    id, index = _name_item(state.head, kind, len(state.output)), len(state.output)
    place = {"item_id": id, "output_index": index, "content_index": 0}
    begun = {"output_index": index, "item": {**_build_item(kind, id, []), "status": "in_progress"}}
    added, state = _write(state, "response.output_item.added", begun)
    part, state = _write(state, "response.content_part.added", {**place, "part": _build_part(kind, "", [])})
    item = OpenItem(kind, place, NO_TEXT, (), _begin_delta(kind, place))
    size = state.size + len(added)
    return closed + added + part, state._replace(size=size, item=item), item


def _begin_delta(kind: ItemKind, place: Mapping[str, Any]) -> bytes:
    name = f"response.{PARTS[kind]}.delta"
    fields = {"type": name, **place, **({"logprobs": []} if kind == "message" else {})}
    return b"event: %b\ndata: %b" % (name.encode(), to_json(fields)[:-1] + b',"delta":')


def _close_item(state: ResponseState) -> tuple[bytes, ResponseState]:
    """Return the events that repeat the open item, when there is one."""
    item = state.item
    if item is None:
        return b"", state
    text, state = item.text.join(), state._replace(item=None)
    part = _build_part(item.kind, text, item.annotations)
    whole = _build_item(item.kind, item.place["item_id"], [part])
    said = {**item.place, "text": text, **({"logprobs": []} if item.kind == "message" else {})}
    of_text, state = _write(state, f"response.{PARTS[item.kind]}.done", said)
    of_part, state = _write(state, "response.content_part.done", {**item.place, "part": part})
    done = {"output_index": item.place["output_index"], "item": whole}
    of_item, state = _write(state, "response.output_item.done", done)
    return of_text + of_part + of_item, state._replace(output=(*state.output, whole))


def _end(state: ResponseState, event: Mapping[str, Any]) -> tuple[bytes, ResponseState]:
    result, state = _write_piece(state, YieldedPiece(read_result(event, state.has_yielded), ()))
    if state.size > MAX_TEXT_MB * 1024**2:
        failure, state = _fail(state, TOO_LARGE, "failed", event)
        return result + failure, state
    closed, state = _close_item(state)
    response = _complete(state.head, state.output, event)
    end, state = _write(state, f"response.{response['status']}", {"response": response})
    return result + closed + end, state


def _fail(state: ResponseState, error: RunError, status: str, event: Mapping[str, Any]) -> tuple[bytes, ResponseState]:
    """Return the response with its error, and the error alone: the clients raise the second, and tell the first."""
    told = {"code": error["code"], "message": describe_error(error), "param": None}
    named = {"code": told["code"], "message": told["message"]}
    response = {**state.head, "status": status, "error": named, "usage": build_usage(read_counts(event))}
    failed, state = _write(state, "response.failed", {"response": response})
    raised, state = _write(state, "error", {**told, "error": {"type": "server_error", **told}})
    return failed + raised, state


def _complete(head: Mapping[str, Any], output: Sequence[Mapping[str, Any]], event: Mapping[str, Any]) -> dict[str, Any]:
    reason = INCOMPLETE_REASONS.get(event.get("finish_kind") or "other")
    end = {"status": "incomplete", "incomplete_details": {"reason": reason}} if reason else {"status": "completed"}
    return {**head, **end, "output": output, "usage": build_usage(read_counts(event))}


def _build_item(kind: ItemKind, id: str, content: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    own: dict[str, Any] = {"role": "assistant"} if kind == "message" else {"summary": []}
    return {"id": id, "type": kind, "status": "completed", **own, "content": content}


def _build_part(kind: ItemKind, text: str, annotations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if kind == "reasoning":
        return {"type": "reasoning_text", "text": text}
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}


def _name_item(head: Mapping[str, Any], kind: ItemKind, index: int) -> str:
    return f"{ID_PREFIXES[kind]}{head['id'].removeprefix(RESPONSE_PREFIX)}_{index}"


def _annotate(citation: Citation, start: int, length: int) -> dict[str, Any]:
    """Return a citation of a text that has so many characters and begins at `start`, in the API's shape."""
    title = citation["title"] or citation["source"] or ""
    if citation["url"]:
        place = {"start_index": start, "end_index": start + length}
        return {"type": "url_citation", "url": citation["url"], "title": title, **place}
    return {"type": "file_citation", "file_id": citation["source"] or title, "filename": title, "index": start + length}


def _write(state: ResponseState, name: str, fields: Mapping[str, Any]) -> tuple[bytes, ResponseState]:
    data = to_json({"type": name, **fields, "sequence_number": state.sequence})
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data), state._replace(sequence=state.sequence + 1)
