"""Bounds what an evaluation costs, before it happens: from the sizes of the values that go into it. Pure.

Sizes are weights, as `weigh` gives them. Work is weight that is read or written. Both are upper bounds, so what they
call small is small; what they do not may be small all the same.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from expressions.checked_expression import (
    CHECKED_FIELD,
    COMPREHENSION,
    CONSTANT,
    EXPRESSION_FIELD,
    IDENTIFIER,
    LIST,
    SELECTION,
    STRUCT,
    Node,
    get_field,
    iterate_nodes,
    parse_node,
)
from expressions.functions import MAX_FUNCTION_CHARACTERS
from expressions.weight import NODE_WEIGHT, weigh

MAX_QUICK_WORK = 200_000
"""Of an evaluation that is made at once: about three milliseconds."""
MAX_ITERATIONS = 10_000
"""Of all comprehensions of one evaluation: CEL's own limit."""
GROWING_FUNCTIONS = frozenset({b"replace", b"join", b"split", b"matches"})
"""Their result, or their work, may be larger than what goes in."""
SCALAR_FUNCTIONS = frozenset(
    {b"_==_", b"_!=_", b"_<_", b"_<=_", b"_>_", b"_>=_", b"_&&_", b"_||_", b"!_", b"@in", b"@not_strictly_false"}
    | {b"contains", b"startsWith", b"endsWith", b"matches", b"size", b"hasValue"}
)


class Size(NamedTuple):
    """The bound of a value."""

    weight: int
    items: int
    """How many it has, if it is a list or a map."""
    largest: int
    """The weight of its heaviest item."""


SCALAR = Size(NODE_WEIGHT, 0, NODE_WEIGHT)


class Cost:
    """The cost of one expression over references, as `find_references` returns it."""

    def __init__(self, checked: bytes) -> None:
        root = get_field(get_field(checked, CHECKED_FIELD), EXPRESSION_FIELD)
        self._root = parse_node(root)
        self._constants = len(root)
        nodes = list(iterate_nodes(self._root))
        self._grows = any(node.kind == COMPREHENSION or node.name in GROWING_FUNCTIONS for node in nodes)
        # Each place where a value is named may be copied by each call around it.
        self._copies = len(nodes) * (1 + sum(node.kind == IDENTIFIER for node in nodes))

    def is_small(self, data: Mapping[str, Any]) -> bool:
        """Return whether an evaluation over these values may be made at once."""
        weight = self._constants
        weights = {}
        for name, value in data.items():
            weights[name] = len(value) + NODE_WEIGHT if isinstance(value, str) else weigh(value, MAX_QUICK_WORK)
            weight += weights[name]
            if weight > MAX_QUICK_WORK:
                return False
        if not self._grows and weight * self._copies <= MAX_QUICK_WORK:
            return True
        sizes = {name: _measure_value(value, weights[name]) for name, value in data.items()}
        return _Meter(sizes).measure_work(self._root) <= MAX_QUICK_WORK


class _Meter:
    """Goes through an expression as an evaluation would, with sizes in place of values, and adds up the work."""

    def __init__(self, sizes: Mapping[str, Size]) -> None:
        self._sizes = sizes
        self._work = 0

    def measure_work(self, root: Node) -> int:
        self._measure(root, self._sizes, 1)
        return self._work

    def _measure(self, node: Node, scope: Mapping[str, Size], times: int) -> Size:
        """Return the size of what the node gives; count its work so many times."""
        if node.kind == IDENTIFIER:
            return scope.get(node.name.decode(), SCALAR)
        if node.kind == CONSTANT:
            return Size(NODE_WEIGHT + node.length, 0, 0)
        if node.kind == COMPREHENSION:
            return self._measure_comprehension(node, scope, times)
        parts = [self._measure(part, scope, times) for part in node.parts]
        weight = sum(part.weight for part in parts)
        self._work += times * (NODE_WEIGHT + weight)
        if node.kind == SELECTION:
            return _guess_size(parts[0].largest)
        if node.kind in (LIST, STRUCT):
            return Size(NODE_WEIGHT + weight, len(parts), max((part.weight for part in parts), default=0))
        return self._measure_call(node.name, parts, weight, times)

    def _measure_call(self, function: bytes, parts: list[Size], weight: int, times: int) -> Size:
        if function == b"matches":
            self._work += times * parts[0].weight * parts[-1].weight
        if function in SCALAR_FUNCTIONS:
            return SCALAR
        if function in (b"replace", b"join"):
            grown = parts[0].weight * (1 + parts[-1].weight)
            self._work += times * min(grown, MAX_FUNCTION_CHARACTERS)
            return Size(min(grown, MAX_FUNCTION_CHARACTERS), 0, 0)
        if function == b"split":
            self._work += times * parts[0].weight * NODE_WEIGHT
            return Size(parts[0].weight * (NODE_WEIGHT + 1), parts[0].weight, parts[0].weight)
        if function in (b"_[_]", b"_?._", b"_[?_]"):
            return _guess_size(parts[0].largest)
        return Size(weight, sum(part.items for part in parts), max((part.largest for part in parts), default=0))

    def _measure_comprehension(self, node: Node, scope: Mapping[str, Size], times: int) -> Size:
        range_, start, condition, step, result = node.parts
        over = self._measure(range_, scope, times)
        first = self._measure(start, scope, times)
        passes = min(over.items, MAX_ITERATIONS)
        item = _guess_size(over.largest)
        within = {**scope, **dict.fromkeys(node.item_names, item), node.result_name: Size(0, 0, 0)}
        repeated = min(times * max(passes, 1), MAX_ITERATIONS)
        self._measure(condition, within, repeated)
        each = self._measure(step, within, repeated)
        if start.kind == LIST:  # CEL copies the list at each pass
            self._work += times * passes * passes * NODE_WEIGHT
        made = Size(
            first.weight + passes * each.weight,
            first.items + passes * max(each.items, 1),
            max(first.largest, each.weight),
        )
        return self._measure(result, {**scope, node.result_name: made}, times)


def _measure_value(value: Any, weight: int) -> Size:
    """Return the size of a value of this weight."""
    if not isinstance(value, dict | list | tuple):
        return Size(weight, 0, 0 if isinstance(value, str) else NODE_WEIGHT)
    items = value.values() if isinstance(value, dict) else value
    weights = [len(item) + NODE_WEIGHT if isinstance(item, str) else weigh(item, weight) for item in items]
    names = map(len, value) if isinstance(value, dict) else ()
    return Size(weight, len(value), max(*weights, *names, 0, 0))


def _guess_size(weight: int) -> Size:
    """Return the bound of a value of which no more than its weight is known."""
    return Size(weight, weight // NODE_WEIGHT, weight)
