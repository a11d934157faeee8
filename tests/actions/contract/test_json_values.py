"""The values that flows carry: one rule for whatever comes in."""

import json
import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from actions.contract.json_values import NoJsonValue, build_json_value, parse_json_value, replace_bad_characters
from tests.odd_values import CARRIED, REFUSED, parse_strictly


@pytest.mark.parametrize(("text", "value"), CARRIED.values(), ids=CARRIED)
def test_a_text_becomes_the_value_that_every_parser_reads(text: str, value: Any) -> None:
    assert repr(parse_json_value(text)) == repr(value)
    assert repr(parse_json_value(text.encode())) == repr(value)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_some_parsers_do_not_read_is_refused_in_short_words(text: str) -> None:
    with pytest.raises(NoJsonValue) as refused:
        parse_json_value(text)
    assert len(str(refused.value)) < 120


OBJECTS: dict[str, tuple[Any, Any]] = {
    "bytes": ([b"ab\xff", bytearray(b"c")], ["ab\ufffd", "c"]),
    "a time": ({"at": datetime(2026, 1, 1, tzinfo=UTC)}, {"at": "2026-01-01T00:00:00Z"}),
    "a time elsewhere": (datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))), "2026-01-01T00:00:00Z"),
    "a duration": ([timedelta(hours=1), timedelta(seconds=-1.5)], ["3600s", "-1.5s"]),
    "keys that are no texts": ({2: "a", True: "b", None: "c"}, {"2": "a", "true": "b", "null": "c"}),
    "a tuple": ((1, 2), [1, 2]),
    "another object": (complex(1, 2), "(1+2j)"),
}


@pytest.mark.parametrize(("value", "built"), OBJECTS.values(), ids=OBJECTS)
def test_objects_of_python_have_one_form_at_any_depth(value: Any, built: Any) -> None:
    assert build_json_value(value) == built
    assert build_json_value([[value]]) == [[built]]


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 2**63, [1.0, [float("-inf")]], {"a": -(10**30)}])
def test_numbers_that_json_has_not_are_refused(value: Any) -> None:
    with pytest.raises(NoJsonValue):
        build_json_value(value)


def test_whatever_is_built_is_read_by_the_strictest_parser() -> None:
    chance = random.Random(7)  # noqa: S311 (the same values in every run)
    for _ in range(300):
        value = make_value(chance, 5)
        built = build_json_value(value)
        assert build_json_value(built) == built
        assert parse_strictly(json.dumps(built, ensure_ascii=False).encode()) == built


def make_value(chance: random.Random, depth: int) -> Any:
    kinds = ["text", "number", "whole", "none", "bytes", "span"] + ["list", "object"] * (depth > 0)
    match chance.choice(kinds):
        case "text":
            return "".join(map(chr, chance.choices([0, 9, 65, 0xD800, 0xDC00, 0xDFFF, 0xFFFF, 0x1F600], k=6)))
        case "number":
            return chance.uniform(-1e300, 1e300)
        case "whole":
            return chance.randint(-(2**63), 2**63 - 1)
        case "bytes":
            return chance.randbytes(4)
        case "span":
            return timedelta(seconds=chance.uniform(-1e6, 1e6))
        case "list":
            return [make_value(chance, depth - 1) for _ in range(3)]
        case "object":
            return {
                index if chance.random() < 0.5 else f"k{index}": make_value(chance, depth - 1) for index in range(3)
            }
        case _:
            return None


def test_a_text_without_bad_characters_is_the_same_object() -> None:
    text = "a 😀 b"
    assert replace_bad_characters(text) is text
