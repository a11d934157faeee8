"""The JSON of a yielded text is taken from the stored event, and from no event that says something else, too."""

import pytest
from pydantic_core import to_json

from flows.events.events import encode
from flows.log.frames import Frame
from flows.protocols.encoder import read_piece, read_text_json

HEAD = {"type": "item", "seq": 2, "ms": 3, "index": 0, "node": "yield", "source": None, "message": None}
TEXTS = ("Hi", '"', "\\", '","', ',"text":"', '"}', '\\"}', "水\n\x7f\u2028", ',"kind":"data","value":{"text":"x"}')
OTHERS = (
    {"text": ""},
    {"text": "Hi", "citations": [{"url": None, "source": "a", "title": None, "cited_text": "b"}]},
    {"value": {"a": 1, "text": "x"}},
    {"value": [{"a": 1, "text": "x"}]},
    {"value": 'a,"text":"x"'},
    {"kind": "thinking", "value": "Hm"},
    {"kind": "data", "value": {"a": 1, "text": "x"}},
    {"kind": "tool", "value": {"id": "1", "name": "n", "input": {"a": 1, "text": "x"}, "output": "o"}},
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_the_json_that_is_stored(text: str) -> None:
    frame = Frame(2, "item", encode({**HEAD, "text": text}))  # type: ignore[arg-type]  # not all keys
    assert read_text_json(frame) == to_json(text) == to_json(read_piece(frame).text)


@pytest.mark.parametrize("content", OTHERS)
def test_of_any_other_item_there_is_none(content: dict[str, object]) -> None:
    assert read_text_json(Frame(2, "item", encode({**HEAD, **content}))) is None  # type: ignore[arg-type]  # not all keys
