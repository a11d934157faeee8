"""What each keyword checks that applies further schemas, to the same value or to what is in it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from actions.json_schema.budget import Budget
from actions.json_schema.misfit import Misfit
from actions.json_schema.node import Check, Node
from actions.json_schema.patterns import Pattern


class SchemaPlace(Protocol):
    """The schema that is being compiled."""

    schema: Mapping[str, Any]

    def compile_pattern(self, pattern: str) -> Pattern:
        """Compile a pattern of this schema. Raises BadPattern."""

    def get_node(self, *steps: str | int, in_place: bool = False) -> Node:
        """Return the node of a schema within this one. `in_place` is one that applies to the same value."""

    def follow(self, reference: str) -> Node:
        """Return the node that a `$ref` names; it applies to the same value."""


def build_ref(place: SchemaPlace, expected: str) -> Check:
    return place.follow(expected).find_misfit_below


def build_properties(place: SchemaPlace, expected: Mapping[str, Any]) -> Check:
    nodes = {name: place.get_node("properties", name) for name in expected}

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        budget.spend(len(nodes) // 4)
        for name, node in nodes.items():
            if name in value and (misfit := node.find_misfit(value[name], budget, depth + 1)):
                return misfit.move_under(name)
        return None

    return check


def build_pattern_properties(place: SchemaPlace, expected: Mapping[str, Any]) -> Check:
    nodes = [(place.compile_pattern(each), place.get_node("patternProperties", each)) for each in expected]

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        for name, item in value.items():
            for pattern, node in nodes:
                if pattern.is_in(name, budget) and (misfit := node.find_misfit(item, budget, depth + 1)):
                    return misfit.move_under(name)
        return None

    return check


def build_additional_properties(place: SchemaPlace, expected: Any) -> Check:
    node, named = place.get_node("additionalProperties"), frozenset(place.schema.get("properties", ()))
    patterns = [place.compile_pattern(each) for each in place.schema.get("patternProperties", ())]

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        for name in _iterate_others(value, named, patterns, budget):
            if expected is False:
                return Misfit("additionalProperties", expected)
            if misfit := node.find_misfit(value[name], budget, depth + 1):
                return misfit.move_under(name)
        return None

    return check


def _iterate_others(
    value: Mapping[str, Any], named: frozenset[str], patterns: list[Pattern], budget: Budget
) -> Iterator[str]:
    budget.spend(len(value) // 4)
    for name in value:
        if name not in named and not any(pattern.is_in(name, budget) for pattern in patterns):
            yield name


def build_property_names(place: SchemaPlace, expected: Any) -> Check:
    node = place.get_node("propertyNames")

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        for name in value:
            if node.find_misfit(name, budget, depth + 1):
                return Misfit("propertyNames", expected)
        return None

    return check


def build_prefix_items(place: SchemaPlace, expected: list[Any]) -> Check:
    nodes = [place.get_node("prefixItems", index) for index in range(len(expected))]

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        for index, (node, item) in enumerate(zip(nodes, value, strict=False)):
            if misfit := node.find_misfit(item, budget, depth + 1):
                return misfit.move_under(index)
        return None

    return check


def build_items(place: SchemaPlace, expected: Any) -> Check:
    node, begin = place.get_node("items"), len(place.schema.get("prefixItems", ()))

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        for index in range(begin, len(value)):
            if misfit := node.find_misfit(value[index], budget, depth + 1):
                return misfit.move_under(index)
        return None

    return check


def build_contains(place: SchemaPlace, expected: Any) -> Check:
    node = place.get_node("contains")
    fewest, most = place.schema.get("minContains", 1), place.schema.get("maxContains")

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        count = sum(node.find_misfit(item, budget, depth + 1) is None for item in value)
        return Misfit("contains", None) if count < fewest or (most is not None and count > most) else None

    return check


def build_all_of(place: SchemaPlace, expected: list[Any]) -> Check:
    nodes = _list_alternatives(place, "allOf", expected)

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        return next((misfit for node in nodes if (misfit := node.find_misfit(value, budget, depth + 1))), None)

    return check


def build_any_of(place: SchemaPlace, expected: list[Any]) -> Check:
    nodes = _list_alternatives(place, "anyOf", expected)

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        fits = any(node.find_misfit(value, budget, depth + 1) is None for node in nodes)
        return None if fits else Misfit("anyOf", None)

    return check


def build_one_of(place: SchemaPlace, expected: list[Any]) -> Check:
    nodes = _list_alternatives(place, "oneOf", expected)

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        count = sum(node.find_misfit(value, budget, depth + 1) is None for node in nodes)
        return None if count == 1 else Misfit("oneOf", None)

    return check


def _list_alternatives(place: SchemaPlace, keyword: str, expected: list[Any]) -> list[Node]:
    return [place.get_node(keyword, index, in_place=True) for index in range(len(expected))]


def build_not(place: SchemaPlace, expected: Any) -> Check:
    node = place.get_node("not", in_place=True)

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        return None if node.find_misfit(value, budget, depth + 1) else Misfit("not", None)

    return check


def build_if(place: SchemaPlace, expected: Any) -> Check:
    condition = place.get_node("if", in_place=True)
    then, otherwise = (
        place.get_node(keyword, in_place=True) if keyword in place.schema else None for keyword in ("then", "else")
    )

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        node = otherwise if condition.find_misfit(value, budget, depth + 1) else then
        return node.find_misfit(value, budget, depth + 1) if node else None

    return check


def build_dependent_schemas(place: SchemaPlace, expected: Mapping[str, Any]) -> Check:
    nodes = {name: place.get_node("dependentSchemas", name, in_place=True) for name in expected}

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        budget.spend(len(nodes))
        fitting = (node.find_misfit(value, budget, depth + 1) for name, node in nodes.items() if name in value)
        return next(filter(None, fitting), None)

    return check
