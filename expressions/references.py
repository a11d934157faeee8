"""Finds the values that an expression names, so that they alone are handed to CEL, and not whole variables. Pure.

Of `size(documents[i].text) > 9`, with a list of a thousand documents, CEL receives one number. The paths are looked up
in Python and replaced in the checked expression by names of their own: `@0`, which no source can contain. What a path
does not lead to has no value, so CEL fails only where the expression needs it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from expressions.checked_expression import (
    CALL,
    CHECKED_FIELD,
    COMPREHENSION,
    CONSTANT,
    EXPRESSION_FIELD,
    ID,
    IDENTIFIER,
    LIST,
    SELECTION,
    STRUCT,
    get_field,
    get_fields,
    read_fields,
    replace_root,
    write_field,
)
from expressions.errors import ExpressionError
from expressions.paths import descend

Use = Literal["value", "size", "has", "field", "kind"]
"""What an expression wants of a value: itself, its size, whether it has a field, that optional field alone, or whether
it is null."""
CONSTANT_NULL, CONSTANT_INTEGER, CONSTANT_TEXT = 1, 3, 6
FIRST_ID = 1_000_000
"""More than an expression has nodes."""
INTEGERS = 2**64
"""How many there are: a negative number is written as its difference to that."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that an expression names by a path whose steps may be references themselves."""

    root: str
    """The variable."""
    steps: tuple["str | int | Reference", ...] = ()
    use: Use = "value"
    field: str = ""
    """Which field, where the use asks for one."""

    def look_up(self, variables: Mapping[str, Any], source: str) -> Any:
        """Return what CEL receives; raises ExpressionError `missing_value` when the path leads to nothing."""
        value = variables[self.root]
        for step in self.steps:
            key = _read_key(step.look_up(variables, source)) if isinstance(step, Reference) else step
            value = descend(value, key, source)
        return value if self.use == "value" else self._reduce(value, source)

    def _reduce(self, value: Any, source: str) -> Any:
        if self.use == "kind":
            return None if value is None else True
        if self.use == "size":
            if isinstance(value, str | Mapping | list):
                return len(value)
            raise ExpressionError("expression_failed", f"{source!r}: size() takes a text, a list or a map.")
        if not isinstance(value, Mapping):
            raise ExpressionError("expression_failed", f"{source!r}: what should have {self.field!r} is no map.")
        if self.use == "has":
            return self.field in value
        return {self.field: value[self.field]} if self.field in value else {}


def find_references(checked: bytes, names: frozenset[str]) -> tuple[bytes, dict[str, Reference]]:
    """Return the checked expression over references in place of variables, and the references by name.

    `names` are the variables that it may read.
    """
    rewriter = _Rewriter(names)
    root = rewriter.rewrite(get_field(get_field(checked, CHECKED_FIELD), EXPRESSION_FIELD), frozenset())
    return replace_root(checked, root), {f"@{number}": each for each, number in rewriter.numbers.items()}


class _Rewriter:
    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._written = 0
        self.numbers: dict[Reference, int] = {}

    def rewrite(self, node: bytes, bound: frozenset[str]) -> bytes:
        """Return the node with references in it; `bound` are the variables of the comprehensions around it."""
        if reference := self._read_reference(node, bound):
            return self._write_reference(reference)
        return b"".join(write_field(number, value) for number, value in self._rewrite_kind(node, bound))

    def _rewrite_kind(self, node: bytes, bound: frozenset[str]) -> Iterator[tuple[int, Any]]:
        for number, value in read_fields(node):
            if number in (SELECTION, LIST):
                yield number, self._rewrite_parts(value, {1: bound})
            elif number == CALL:
                yield number, self._rewrite_call(value, bound)
            elif number == STRUCT:
                yield number, self._rewrite_struct(value, bound)
            elif number == COMPREHENSION:
                yield number, self._rewrite_comprehension(value, bound)
            else:
                yield number, value

    def _rewrite_parts(self, message: bytes, bounds: Mapping[int, frozenset[str]]) -> bytes:
        """Return the message with the nodes rewritten that are in the fields of these numbers."""
        return b"".join(
            write_field(number, self.rewrite(value, bounds[number]) if number in bounds else value)
            for number, value in read_fields(message)
        )

    def _rewrite_call(self, call: bytes, bound: frozenset[str]) -> bytes:
        parts = [part for number in (1, 3) for part in get_fields(call, number)]
        use, field = _find_use(get_field(call, 2), parts)
        written = write_field(2, get_field(call, 2))
        for number, value in read_fields(call):
            if number in (1, 3):
                reference = self._read_reference(value, bound) if use else None
                if use and reference and reference.use == "value":
                    written += write_field(number, self._write_reference(replace(reference, use=use, field=field)))
                else:
                    written += write_field(number, self.rewrite(value, bound))
        return written

    def _rewrite_struct(self, struct: bytes, bound: frozenset[str]) -> bytes:
        return b"".join(
            write_field(number, self._rewrite_parts(value, {3: bound, 4: bound}) if number == 2 else value)
            for number, value in read_fields(struct)
        )

    def _rewrite_comprehension(self, comprehension: bytes, bound: frozenset[str]) -> bytes:
        item_names = {get_field(comprehension, number, b"").decode() for number in (1, 8)}
        after = bound | {get_field(comprehension, 3).decode()}
        within = after | item_names
        return self._rewrite_parts(comprehension, {2: bound, 4: bound, 5: within, 6: within, 7: after})

    def _read_reference(self, node: bytes, bound: frozenset[str]) -> Reference | None:
        """Return what the node names when it is a path of a variable, its size, or whether it has a field."""
        if identifier := get_field(node, IDENTIFIER):
            name = get_field(identifier, 1, b"").decode()
            return Reference(name) if name in self._names - bound else None
        if selection := get_field(node, SELECTION):
            field = get_field(selection, 2).decode()
            if get_field(selection, 3):
                return self._extend(get_field(selection, 1), bound, use="has", field=field)
            return self._extend(get_field(selection, 1), bound, field)
        return self._read_call(get_field(node, CALL), bound) if get_field(node, CALL) else None

    def _read_call(self, call: bytes, bound: frozenset[str]) -> Reference | None:
        function = get_field(call, 2)
        parts = [part for number in (1, 3) for part in get_fields(call, number)]
        if function == b"size" and len(parts) == 1:
            return self._extend(parts[0], bound, use="size")
        if function == b"_[_]":
            constant = _read_constant(parts[1])
            step = self._read_reference(parts[1], bound) if constant is None else constant
            return None if step is None else self._extend(parts[0], bound, step)
        return None

    def _extend(
        self, node: bytes, bound: frozenset[str], *steps: "str | int | Reference", use: Use = "value", field: str = ""
    ) -> Reference | None:
        reference = self._read_reference(node, bound)
        if reference is None or reference.use != "value":
            return None
        return replace(reference, steps=reference.steps + steps, use=use, field=field)

    def _write_reference(self, reference: Reference) -> bytes:
        number = self.numbers.setdefault(reference, len(self.numbers))
        self._written += 1
        # The id is a new one: by the old one CEL knows which variable this was.
        return write_field(ID, FIRST_ID + self._written) + write_field(IDENTIFIER, write_field(1, b"@%d" % number))


def _find_use(function: bytes, parts: list[bytes]) -> tuple[Use | None, str]:
    """Return what a call wants of its argument when that is less than the whole value, and of which field."""
    if function in (b"_?._", b"_[?_]") and isinstance(field := _read_constant(parts[1]), str):
        return "field", field
    if function in (b"_==_", b"_!=_") and any(map(_is_null, parts)):
        return "kind", ""
    return None, ""


def _read_constant(node: bytes) -> str | int | None:
    """Return the text or the whole number that the node is, if it is one."""
    constant = get_field(node, CONSTANT)
    if constant is None:
        return None
    text, number = get_field(constant, CONSTANT_TEXT), get_field(constant, CONSTANT_INTEGER)
    if text is not None:
        return str(text.decode())
    return None if number is None else number - INTEGERS if number >= INTEGERS // 2 else int(number)


def _is_null(node: bytes) -> bool:
    return get_field(get_field(node, CONSTANT, b""), CONSTANT_NULL) is not None


def _read_key(value: Any) -> str | int:
    """Return the step that a value is; CEL takes 1.0 for 1."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int) and not isinstance(value, bool) else repr(value)
