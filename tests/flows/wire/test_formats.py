"""What each format writes for the frames of a run, byte by byte."""

import json
from collections.abc import Iterable

import pytest

from flows.log.frames import Frame
from flows.wire.format import Format
from flows.wire.json_array import JsonArray
from flows.wire.plain_text import PlainText
from flows.wire.sse import ServerSentEvents


def build_frame(seq: int, type: str, **fields: object) -> Frame:
    return Frame(seq, type, json.dumps({"type": type, "seq": seq, "ms": 0, **fields}).encode())


ITEMS = [
    build_frame(2, "item", index=0, node="y", source=None, message=None, text="A mill"),
    build_frame(3, "item", index=1, node="y", source=None, message=None, value={"error": {"code": "no error"}}),
    build_frame(4, "item", index=2, node="y", source=None, message=None, value=12),
]
COMPLETED = build_frame(5, "run.completed", result=None, finish_reason=None, usage=None)
FAILED = build_frame(5, "run.failed", code="overloaded", message="Busy.", hint=None, node="a", usage=None)
CANCELLED = build_frame(5, "run.cancelled", reason="Stopped.", usage=None)
INTERRUPTED = build_frame(5, "run.interrupted", reason="Lost.", usage=None)


def write(format: Format, batches: Iterable[list[Frame]]) -> bytes:
    """Return the whole answer; an empty batch is a heartbeat."""
    pieces = (format.encode(frames) if frames else format.heartbeat for frames in batches)
    return format.begin() + b"".join(pieces)


def test_no_block_of_an_event_stream_is_without_data() -> None:
    text = write(ServerSentEvents(), [[], ITEMS[:1], [], [], ITEMS[1:], [], [COMPLETED]]).decode()
    blocks = text.removesuffix("\n\n").split("\n\n")
    assert len(blocks) == 4
    assert all("\ndata: " in block for block in blocks)
    assert blocks[0].startswith("retry: 1000\n")
    assert text.count(": still here\n") == 4


def test_the_id_of_an_event_is_its_last_line() -> None:
    """`@microsoft/fetch-event-source` goes on after each id that it has read, also when the event did not follow."""
    blocks = write(ServerSentEvents(), [ITEMS]).decode().removesuffix("\n\n").split("\n\n")
    assert [block.rpartition("\n")[2] for block in blocks] == ["id: 2", "id: 3", "id: 4"]


def test_the_event_that_asks_readers_to_come_again_has_data() -> None:
    assert b"\ndata: {}\n" in ServerSentEvents.reconnect


def test_an_array_of_a_completed_run_is_whole_whatever_was_yielded() -> None:
    assert json.loads(write(JsonArray(), [ITEMS, [], [COMPLETED]])) == ["A mill", {"error": {"code": "no error"}}, 12]


@pytest.mark.parametrize(
    ("end", "code"), [(FAILED, "overloaded"), (CANCELLED, "cancelled"), (INTERRUPTED, "interrupted")]
)
def test_an_array_of_any_other_run_is_not_whole_and_ends_with_the_error(end: Frame, code: str) -> None:
    text = write(JsonArray(), [ITEMS, [end]])
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
    assert json.loads(text + b"]")[-1]["error"]["code"] == code


@pytest.mark.parametrize("format", [JsonArray, PlainText])
def test_a_form_that_cannot_tell_an_end_is_cut_short(format: type[Format]) -> None:
    assert not format.tells_end


def test_text_of_a_batch_that_ends_with_a_failure_is_kept() -> None:
    assert write(PlainText(), [[*ITEMS[:1], FAILED]]) == b"A mill"
