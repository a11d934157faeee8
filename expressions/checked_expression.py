"""Reads and writes what CEL's checker knows of an expression. Pure.

That is a message of Protocol Buffers, `cel.expr.CheckedExpr`; of it, a few fields are read here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

CHECKED_FIELD, EXPRESSION_FIELD = 2, 4
"""Where the checked expression is in what CEL has serialized, a `google.protobuf.Any`, and its root node in that."""
ID, CONSTANT, IDENTIFIER, SELECTION, CALL, LIST, STRUCT, COMPREHENSION = 2, 3, 4, 5, 6, 7, 8, 9
"""The numbers of the fields of a node: its id, and the kinds of nodes."""


class Field(NamedTuple):
    """A field of a message: its number in the schema, and its value: bytes of a text or message, or a number."""

    number: int
    value: Any


@dataclass(frozen=True, slots=True)
class Node:
    """A node, without what nobody asks of it."""

    kind: int
    name: bytes = b""
    """Of an identifier or a function."""
    length: int = 0
    """Of a constant, in bytes."""
    parts: tuple["Node", ...] = ()
    """The nodes within. A comprehension has its range, start, condition, step and result, in this order."""
    item_names: tuple[str, ...] = ()
    """The variables that a comprehension gives to each item."""
    result_name: str = ""
    """The variable in which a comprehension collects what it gives."""


def get_field(message: bytes, number: int, default: Any = None) -> Any:
    """Return the value of the first field of this number, or `default`."""
    return next((field.value for field in read_fields(message) if field.number == number), default)


def get_fields(message: bytes, number: int) -> Iterator[Any]:
    """Return the values of all fields of this number."""
    return (field.value for field in read_fields(message) if field.number == number)


def read_fields(message: bytes) -> Iterator[Field]:
    """Yield the fields of a message in their order."""
    position = 0
    while position < len(message):
        tag, position = _read_varint(message, position)
        size, position = _read_varint(message, position) if tag & 7 in (0, 2) else (8 if tag & 7 == 1 else 4, position)
        if tag & 7 == 0:
            yield Field(tag >> 3, size)
        else:
            yield Field(tag >> 3, message[position : position + size])
            position += size


def read_packed(numbers: bytes) -> Iterator[int]:
    """Yield the numbers of a field that holds a list of them."""
    position = 0
    while position < len(numbers):
        number, position = _read_varint(numbers, position)
        yield number


def write_field(number: int, value: bytes | int) -> bytes:
    """Return a field of a message: a number, or the bytes of a text or message."""
    if isinstance(value, int):
        return _write_varint(number << 3) + _write_varint(value)
    return _write_varint(number << 3 | 2) + _write_varint(len(value)) + value


def replace_root(checked: bytes, root: bytes) -> bytes:
    """Return what CEL has serialized with another root node in place of its own."""
    message = _replace_field(get_field(checked, CHECKED_FIELD), EXPRESSION_FIELD, root)
    return _replace_field(checked, CHECKED_FIELD, message)


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    """Return the number that begins at `position`, seven bits a byte, and where it ends."""
    number = shift = 0
    while True:
        byte = message[position]
        number |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if byte < 128:
            return number, position


def parse_node(node: bytes) -> Node:
    """Return the node and all nodes within."""
    kind = next(kind for kind in range(CONSTANT, COMPREHENSION + 1) if get_field(node, kind) is not None)
    message = get_field(node, kind)
    if kind == CONSTANT:
        return Node(kind, length=len(message))
    if kind == IDENTIFIER:
        return Node(kind, name=get_field(message, 1, b""))
    if kind == COMPREHENSION:
        parts = tuple(parse_node(get_field(message, number)) for number in (2, 4, 5, 6, 7))
        names = tuple(name.decode() for number in (1, 8) if (name := get_field(message, number)))
        return Node(kind, parts=parts, item_names=names, result_name=get_field(message, 3).decode())
    name = get_field(message, 2) if kind == CALL else b""
    return Node(kind, name, parts=tuple(parse_node(part) for part in _find_parts(kind, message)))


def iterate_nodes(root: Node) -> Iterator[Node]:
    """Yield a node and all nodes within."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.parts


def _replace_field(message: bytes, number: int, value: bytes) -> bytes:
    # None of the two messages has a field of a fixed width.
    fields = (Field(number, value) if field.number == number else field for field in read_fields(message))
    return b"".join(write_field(*field) for field in fields)


def _write_varint(number: int) -> bytes:
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def _find_parts(kind: int, message: bytes) -> Iterator[bytes]:
    if kind == STRUCT:
        for entry in get_fields(message, 2):
            yield from (part for number in (3, 4) for part in get_fields(entry, number))
        return
    for number in {SELECTION: (1,), CALL: (1, 3), LIST: (1,)}[kind]:
        yield from get_fields(message, number)
