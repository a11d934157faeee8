"""Finds optional values of CEL that an expression does not read, such as the last part of `a.?b`. Pure.

An optional is no JSON: the CEL library raises for one that is the result, and ends the process for one within a list or
an object. So an expression that lets one get that far is refused when it is checked. What CEL's checker knows comes as
a message of Protocol Buffers, `cel.expr.CheckedExpr`; of it, a few fields are read here.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

OPTIONAL_TYPE = b"optional_type"
PART_FIELDS = {5: (1,), 6: (1, 3), 7: (1,), 9: (2, 4, 5, 6, 7)}
"""Where a node has its parts: in a selection, a call, a list and a comprehension."""
CONVERSION, OPTIONAL_INDEX, CHOICE = b"dyn", b"_[?_]", b"_?_:_"
"""The functions of CEL behind which the checker may not know an optional: `dyn(x)`, `x[?y]` and `x ? y : z`."""


class Field(NamedTuple):
    """A field of a message: its number in the schema, and its value: bytes of a text or message, or a number."""

    number: int
    value: Any


def has_unread_optional(checked: bytes) -> bool:
    """Return whether an optional is, or may be, in the expression's result. `checked` is what CEL has serialized."""
    message = _get(checked, 2)  # of google.protobuf.Any
    ids = frozenset(_get(entry, 1) for entry in _get_all(message, 3) if OPTIONAL_TYPE in _get(entry, 2, b""))
    root = _get(message, 4, b"")
    places = [root, *(place for node in _walk(root) for place in _find_hiding_places(node))]
    return any(_may_be_optional(place, ids) for place in places)


def _may_be_optional(node: bytes, ids: frozenset[int]) -> bool:
    """Return whether the node gives an optional: by its type, or where the checker knows none of its parts."""
    call = _get(node, 6, b"")
    if _get(node, 2) in ids or _get(call, 2) == OPTIONAL_INDEX:
        return True
    return _get(call, 2) == CHOICE and any(_may_be_optional(part, ids) for part in _get_all(call, 3))


def _find_hiding_places(node: bytes) -> Iterator[bytes]:
    """Yield the parts of a node of which the checker may forget that they are optional: elements and arguments."""
    call, items, struct = _get(node, 6, b""), _get(node, 7, b""), _get(node, 8, b"")
    if _get(call, 2) == CONVERSION:
        yield from _get_all(call, 3)
    marked = frozenset(_read_packed(_get(items, 2, b"")))
    yield from (item for index, item in enumerate(_get_all(items, 1)) if index not in marked)
    yield from (_get(entry, 4) for entry in _get_all(struct, 2) if not _get(entry, 5))


def _walk(root: bytes) -> Iterator[bytes]:
    """Yield a node of the expression and all nodes below it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += _find_parts(node)


def _find_parts(node: bytes) -> Iterator[bytes]:
    for kind, numbers in PART_FIELDS.items():
        for number in numbers:
            yield from _get_all(_get(node, kind, b""), number)
    for entry in _get_all(_get(node, 8, b""), 2):
        yield from (value for value in (_get(entry, 3), _get(entry, 4)) if value)


def _get(message: bytes, number: int, default: Any = None) -> Any:
    return next((field.value for field in _read_fields(message) if field.number == number), default)


def _get_all(message: bytes, number: int) -> Iterator[Any]:
    return (field.value for field in _read_fields(message) if field.number == number)


def _read_fields(message: bytes) -> Iterator[Field]:
    position = 0
    while position < len(message):
        tag, position = _read_varint(message, position)
        size, position = _read_varint(message, position) if tag & 7 in (0, 2) else (8 if tag & 7 == 1 else 4, position)
        if tag & 7 == 0:
            yield Field(tag >> 3, size)
        else:
            yield Field(tag >> 3, message[position : position + size])
            position += size


def _read_packed(numbers: bytes) -> Iterator[int]:
    position = 0
    while position < len(numbers):
        number, position = _read_varint(numbers, position)
        yield number


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    """Return the number that begins at `position`, seven bits a byte, and where it ends."""
    number = shift = 0
    while True:
        byte = message[position]
        number |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if byte < 128:
            return number, position
