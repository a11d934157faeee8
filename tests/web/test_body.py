"""Strict JSON: a body that two parsers could understand differently is refused."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest

from actions.contract.errors import DomainError
from web.errors import get_status
from web.strict_json import GRAPH_LIMITS, USUAL_LIMITS, Limits, parse_json, parse_object


def read_refusal(body: bytes, limits: Limits = USUAL_LIMITS) -> tuple[int, str]:
    with pytest.raises(DomainError) as caught:
        parse_json(body, limits)
    return get_status(caught.value), caught.value.code


ACCEPTED_BODIES: dict[str, tuple[bytes, Any]] = {
    "an object": (b'{"a": [1, 2.5, true, null, "x"]}', {"a": [1, 2.5, True, None, "x"]}),
    "a byte order mark": (b"\xef\xbb\xbf{}", {}),
    "a byte order mark and a space": (b"\xef\xbb\xbf {}", {}),
    "a byte order mark in a text": (b'"\xef\xbb\xbf"', "\ufeff"),
    "a bare text": (b'"x"', "x"),
    "spaces around": (b" \n[]\t ", []),
    "an emoji, escaped and not": (b'["\\ud83d\\ude00", "\xf0\x9f\x98\x80"]', ["😀", "😀"]),
    "the largest integers": (b"[9223372036854775807, -9223372036854775807]", [2**63 - 1, 1 - 2**63]),
    "brackets in a text": (b'"' + b"[" * 100 + b'"', "[" * 100),
    "brackets after a quote in a text": (b'"\\"' + b"{" * 100 + b'"', '"' + "{" * 100),
    "the deepest nesting": (b"[" * 32 + b"]" * 32, json.loads("[" * 32 + "]" * 32)),
    "equal keys in different objects": (b'{"a": {"k": 1}, "b": {"k": 2}}', {"a": {"k": 1}, "b": {"k": 2}}),
    "a key of the browser's": (b'{"__proto__": 1}', {"__proto__": 1}),
}


@pytest.mark.parametrize(("body", "value"), ACCEPTED_BODIES.values(), ids=ACCEPTED_BODIES)
def test_what_json_says_is_taken(body: bytes, value: Any) -> None:
    assert parse_json(body) == value


REFUSED_BODIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "invalid_json"),
    "spaces": (b"  ", "invalid_json"),
    "a part": (b'{"a": ', "invalid_json"),
    "two values": (b"{} {}", "invalid_json"),
    "a comma too many": (b"[1,]", "invalid_json"),
    "single quotes": (b"{'a': 1}", "invalid_json"),
    "a comment": (b"{} // x", "invalid_json"),
    "two byte order marks": (b"\xef\xbb\xbf\xef\xbb\xbf{}", "invalid_json"),
    "a byte order mark alone": (b"\xef\xbb\xbf", "invalid_json"),
    "a byte order mark within": (b"[\xef\xbb\xbf1]", "invalid_json"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "invalid_json"),
    "broken UTF-8": (b'"\xff"', "invalid_json"),
    "an overlong NUL": (b'"\xc0\x80"', "invalid_json"),
    "a raw surrogate": (b'"\xed\xa0\x80"', "invalid_json"),
    "a raw NUL": (b'"\x00"', "invalid_json"),
    "a raw line break": (b'"a\nb"', "invalid_json"),
    "a text without an end": (b'"abc', "invalid_json"),
    "a text that ends in a backslash": (b'"abc\\', "invalid_json"),
    "NaN": (b"[NaN]", "bad_number"),
    "Infinity": (b"-Infinity", "bad_number"),
    "a float too large": (b"1e999", "bad_number"),
    "an integer too large": (b"9223372036854775808", "bad_number"),
    "5,000 digits": (b"1" * 5000, "bad_number"),
    "an escaped NUL": (b'{"a": "x\\u0000"}', "bad_character"),
    "a lone surrogate": (b'["\\ud800"]', "bad_character"),
    "surrogates the wrong way round": (b'["\\ude00\\ud83d"]', "bad_character"),
    "a NUL in a key": (b'{"\\u0000": 1}', "bad_character"),
    "a key twice": (b'{"role": "user", "role": "admin"}', "duplicate_key"),
    "a key twice, once escaped": (b'{"a": 1, "\\u0061": 2}', "duplicate_key"),
    "a key twice, deep down": (b'[[{"a": 1, "b": 2, "a": 1}]]', "duplicate_key"),
    "one level too many": (b"[" * 33 + b"]" * 33, "too_deep"),
    "100,000 levels": (b"[" * 100_000, "too_deep"),
    "100,000 objects": (b'{"a":' * 100_000, "too_deep"),
    "levels hidden after a text": (b'["' + b'\\"' * 50 + b'",' + b"[" * 40, "too_deep"),
}


@pytest.mark.parametrize(("body", "code"), REFUSED_BODIES.values(), ids=REFUSED_BODIES)
def test_what_could_be_doubted_is_refused(body: bytes, code: str) -> None:
    assert read_refusal(body) == (400, code)


def test_a_refusal_says_where() -> None:
    with pytest.raises(DomainError) as caught:
        parse_json(b'{"list": [{"text": "\\ud800"}]}')
    assert caught.value.field == "list.0.text"
    with pytest.raises(DomainError, match="line 2, column 3"):
        parse_json(b"[1,\n  x]")


def test_the_size_is_limited_by_the_place() -> None:
    body = b'"' + b"x" * USUAL_LIMITS.bytes + b'"'
    assert read_refusal(body) == (413, "body_too_large")
    assert parse_json(body, GRAPH_LIMITS) == "x" * USUAL_LIMITS.bytes


def test_only_an_object_is_an_object() -> None:
    with pytest.raises(DomainError, match="not a JSON object"):
        parse_object(b"[]")


WORST_BODIES = {
    "quotes without an end": b'"' + b'\\"' * 2_500_000,
    "escapes without an end": b'"' + b"\\\\" * 2_500_000,
    "many texts": b"[" + b'"",' * 1_700_000,
    "many brackets": b"[]" * 2_500_000,
    "many digits": b"1" * 5_000_000,
    "many keys": b"{" + b",".join(b'"%d":1' % n for n in range(400_000)) + b"}",
}


@pytest.mark.parametrize("body", WORST_BODIES.values(), ids=WORST_BODIES)
def test_no_body_takes_long(body: bytes) -> None:
    began = time.process_time()
    with suppress(DomainError):
        parse_json(body, GRAPH_LIMITS)
    assert time.process_time() - began < 2
