"""Finds optional values of CEL that an expression does not read, such as the last part of `a.?b`. Pure.

An optional is no JSON: the CEL library raises for one that is the result, and ends the process for one within a list or
an object. So an expression that lets one get that far is refused when it is checked.
"""

from collections.abc import Iterator

from expressions.checked_expression import get_field, get_fields, read_packed

OPTIONAL_TYPE = b"optional_type"
PART_FIELDS = {5: (1,), 6: (1, 3), 7: (1,), 9: (2, 4, 5, 6, 7)}
"""Where a node has its parts: in a selection, a call, a list and a comprehension."""
CONVERSION, OPTIONAL_INDEX, CHOICE = b"dyn", b"_[?_]", b"_?_:_"
"""The functions of CEL behind which the checker may not know an optional: `dyn(x)`, `x[?y]` and `x ? y : z`."""


def has_unread_optional(checked: bytes) -> bool:
    """Return whether an optional is, or may be, in the expression's result. `checked` is what CEL has serialized."""
    message = get_field(checked, 2)  # of google.protobuf.Any
    ids = frozenset(
        get_field(entry, 1) for entry in get_fields(message, 3) if OPTIONAL_TYPE in get_field(entry, 2, b"")
    )
    root = get_field(message, 4, b"")
    places = [root, *(place for node in _walk(root) for place in _find_hiding_places(node))]
    return any(_may_be_optional(place, ids) for place in places)


def _may_be_optional(node: bytes, ids: frozenset[int]) -> bool:
    """Return whether the node gives an optional: by its type, or where the checker knows none of its parts."""
    call = get_field(node, 6, b"")
    if get_field(node, 2) in ids or get_field(call, 2) == OPTIONAL_INDEX:
        return True
    return get_field(call, 2) == CHOICE and any(_may_be_optional(part, ids) for part in get_fields(call, 3))


def _find_hiding_places(node: bytes) -> Iterator[bytes]:
    """Yield the parts of a node of which the checker may forget that they are optional: elements and arguments."""
    call, items, struct = get_field(node, 6, b""), get_field(node, 7, b""), get_field(node, 8, b"")
    if get_field(call, 2) == CONVERSION:
        yield from get_fields(call, 3)
    marked = frozenset(read_packed(get_field(items, 2, b"")))
    yield from (item for index, item in enumerate(get_fields(items, 1)) if index not in marked)
    yield from (get_field(entry, 4) for entry in get_fields(struct, 2) if not get_field(entry, 5))


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
            yield from get_fields(get_field(node, kind, b""), number)
    for entry in get_fields(get_field(node, 8, b""), 2):
        yield from (value for value in (get_field(entry, 3), get_field(entry, 4)) if value)
