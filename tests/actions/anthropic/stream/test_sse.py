"""Server-sent events, cut anywhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from actions.anthropic.stream.sse import MAX_EVENT_BYTES, Decoder

PLAIN = b'event: content_block_delta\ndata: {"type":"a","text":"x"}\n\n'
A = {"type": "a", "text": "x"}

STREAMS: dict[str, tuple[bytes, list[Any]]] = {
    "as the API writes": (PLAIN * 2, [A, A]),
    "letters of several bytes": ('event: a\ndata: {"type":"é\U0001f30a"}\n\n'.encode(), [{"type": "é\U0001f30a"}]),
    "separators that are no line ends": (
        'data: {"type":"a\u2028b\x85c"}\n\n'.encode(),
        [{"type": "a\u2028b\x85c"}],
    ),
    "returns and line feeds": (PLAIN.replace(b"\n", b"\r\n") * 2, [A, A]),
    "returns alone": (PLAIN.replace(b"\n", b"\r") * 2, [A, A]),
    "all ends mixed": (PLAIN + PLAIN.replace(b"\n", b"\r\n") + PLAIN, [A, A, A]),
    "data only": (b'data: {"type":"a"}\n\ndata: {"type":"b"}\n\n', [{"type": "a"}, {"type": "b"}]),
    "no space after the colon": (b'event:a\ndata:{"type":"a"}\n\n', [{"type": "a"}]),
    "padded data": (b'event: a\ndata: {"type":"a"}      \n\n', [{"type": "a"}]),
    "data in lines": (b'event: a\ndata: {"type":\ndata: "a"}\n\n', [{"type": "a"}]),
    "data before the name": (b'data: {"type":"a"}\nevent: a\n\n', [{"type": "a"}]),
    "fields that are not read": (b'id: 1\nevent: a\nretry: 5\ndata: {"type":"a"}\nnovel\n\n', [{"type": "a"}]),
    "comments": (b': hello\n\n:\nevent: a\n: x\ndata: {"type":"a"}\n\n', [{"type": "a"}]),
    "pings": (
        b'event: ping\ndata: {"type": "ping"}\n\n' + PLAIN + b"event: ping\n\n" + b"event: ping\ndata: -\n\n",
        [A],
    ),
    "a gateway's own events": (
        PLAIN + b'event: heartbeat\ndata: {}\n\nevent: cost\ndata: {"usd":1}\n\n' + PLAIN,
        [A, A],
    ),
    "an error under a name of its own": (
        b'event: exception\ndata: {"message":"Too many requests"}\n\n',
        [{"message": "Too many requests"}],
    ),
    "data without a type under the API's names": (
        b'event: message_stop\ndata: {"a":1}\n\nevent: message\ndata: {"a":2}\n\n',
        [{"a": 1}, {"a": 2}],
    ),
    "blank lines": (b"\n\n\n" + PLAIN + b"\n\n\n" + PLAIN + b"\n", [A, A]),
    "a byte order mark before a name": (b"\xef\xbb\xbf" + PLAIN * 2, [A, A]),
    "a byte order mark before data": (b'\xef\xbb\xbfdata: {"type":"a"}\n\n' + PLAIN, [{"type": "a"}, A]),
    "a ping with a number": (b"event: ping\nid: 1\ndata: -\n\n" + PLAIN, [A]),
    "an error with a number": (
        b"event: error\nid: 1\ndata: oh no\n\n",
        [{"type": "error", "error": {"message": "oh no"}}],
    ),
    "a name without data": (b"event: a\n\ndata:\n\ndata\n\n" + PLAIN, [A]),
    "an end that is missing": (PLAIN + PLAIN.rstrip(), [A]),
    "half a surrogate pair": (b'event: a\ndata: {"type":"a","text":"\\ud83d"}\n\n', [{"type": "a", "text": "\ufffd"}]),
    "an error": (
        b'event: error\ndata: {"type":"error","error":{"type":"api_error"}}\n\n',
        [{"type": "error", "error": {"type": "api_error"}}],
    ),
    "an error by its name alone": (b'event: error\ndata: {"error":{}}\n\n', [{"type": "error", "error": {}}]),
    "an error by its type alone": (b'data: {"type":"error"}\n\n', [{"type": "error"}]),
    "an error that is no JSON": (
        b"event: error\ndata: oh no\n\n",
        [{"type": "error", "error": {"message": "oh no"}}],
    ),
    "an error that is no object": (b"event: error\ndata: 5\n\n", [{"type": "error", "error": {"message": "5"}}]),
    "an error without data": (b"event: error\n\n", [{"type": "error", "error": {"message": ""}}]),
}


def decoded(*pieces: bytes) -> list[Any]:
    decoder = Decoder()
    return [event for piece in pieces for event in decoder.decode(piece)]


@pytest.mark.parametrize(("data", "events"), STREAMS.values(), ids=STREAMS.keys())
def test_a_stream_is_decoded_wherever_it_is_cut(data: bytes, events: list[Any]) -> None:
    assert decoded(data) == events
    assert [decoded(data[:at], data[at:]) for at in range(len(data))] == [events] * len(data)
    assert decoded(*(data[at : at + 1] for at in range(len(data)))) == events
    assert decoded(*(data[at : at + 7] for at in range(0, len(data), 7))) == events


@pytest.mark.parametrize(
    "bad",
    [
        b"event: a\ndata: {oh\n\n",
        b"data: [DONE]\n\n",
        b'event: a\ndata: "\xff"\n\n',
        b'event: ping\ndata: "\xff"\n\n',
        b'event: a\ndata: {"a":"\xed\xa0\x80"}\n\n',
        b'event: a\ndata: {"a":1} {"b":2}\n\n',
    ],
)
def test_what_is_no_event_is_an_error_after_the_events_before_it(bad: bytes) -> None:
    events = Decoder().decode(PLAIN + bad + PLAIN)
    assert next(events) == A
    with pytest.raises(ValueError):
        next(events)


def test_an_event_that_does_not_end_is_an_error() -> None:
    line = b": %b\n" % (b"-" * (MAX_EVENT_BYTES // 16))
    with pytest.raises(ValueError, match="longer"):
        decoded(*([line] * 16))


RECORDED = sorted((Path(__file__).parents[4].parent / "shared" / "anthropic-sse").glob("*.sse"))


@pytest.mark.skipif(not RECORDED, reason="the recorded streams are not at hand")
@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_stream_is_decoded_wherever_it_is_cut(path: Path) -> None:
    data = path.read_bytes()[:20_000].rpartition(b"\n\n")[0] + b"\n\n"
    lines = [json.loads(line[5:]) for line in data.decode().split("\n") if line.startswith("data:")]
    events = [event for event in lines if event["type"] != "ping"]
    assert decoded(data) == events
    for at in range(len(data)):
        decoder = Decoder()
        first = list(decoder.decode(data[:at]))
        assert first + list(decoder.decode(data[at:])) == events
