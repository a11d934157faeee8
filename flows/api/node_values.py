"""What one node of a run received and gave, as members of the workspace see it. It asks no database."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from actions.contract.action import AnyAction
from actions.contract.catalogue import get_modes, get_property_title, get_property_type
from actions.contract.properties import ActionProperties, get_options
from actions.contract.property_types import CONNECTION
from actions.contract.registry import get_actions
from flows.engine.secret_values import hide_secrets
from flows.graph.bindings import is_fixed
from flows.log.node_values import FoundValue, NodeValues
from flows.models import Run


def describe_node_values(run: Run, values: NodeValues, number: int | None) -> dict[str, Any]:
    """Return what the node received and gave in the pass of this number, by default in the last one.

    `values` has been given all events of the run, whose version is loaded. It may be megabytes: call it in a thread.
    """
    node = next((each for each in run.version.graph["nodes"] if each["id"] == values.node), None)
    reader = _NodeReader(values, node or {"action": "", "properties": {}})
    state, shown = values.state, number or values.pass_count
    return {
        "run": str(run.pk),
        "node": values.node,
        "revision": run.version.revision,
        "is_in_version": node is not None,
        "state": state and state["state"],
        "error": state and state["error"],
        "pass_count": values.pass_count,
        "kept_passes": _join_ranges(reader.list_kept_passes()),
        "pass_number": shown or None,
        "received": list(reader.describe_received(shown)),
        "gave": list(reader.describe_gave(shown)),
        "messages": {"count": state["messages"], "text": state["text"]} if state and state["messages"] else None,
    }


class _NodeReader:
    """Lays what the log has of a node beside what the graph and the action's declaration say of it."""

    def __init__(self, values: NodeValues, node: Mapping[str, Any]) -> None:
        self._values = values
        self._saved: Mapping[str, Any] = node["properties"]
        self._action: AnyAction | None = get_actions().get(node["action"])
        fields = self._action.Properties.model_fields if self._action else {}
        self._fields = {name: item for name, item in fields.items() if _is_shown(name, item)}
        self._bound = {name for name, item in self._fields.items() if name in self._saved and self._is_bound(name)}

    def list_kept_passes(self) -> Iterable[int]:
        """Return the numbers of the passes of which it is known what the node received and gave, in order."""
        passes, last = self._values.list_kept_passes(), self._values.pass_count
        if self._caller_receives or not (passes or self._bound):
            return range(1, last + 1)
        return sorted({*passes, last} - {0}) if self._values.state else passes

    def describe_received(self, number: int) -> Iterator[dict[str, Any]]:
        """Yield each property with its value; none when the node has not run."""
        if not number:
            return
        found = self._find_received(number)
        for name, item in self._fields.items():
            source, value = self._read_property(name, item, found)
            yield {
                "name": name,
                "title": get_property_title(name, item),
                "source": source,
                "written": self._saved.get(name) if source == "bound" else None,
                **_describe_value(value),
            }

    def describe_gave(self, number: int) -> Iterator[dict[str, Any]]:
        """Yield each variable that the node has set, with its value."""
        for name, value in self._find_given(number).items():
            yield {"name": name, **_describe_value(value)}

    @property
    def _caller_receives(self) -> str | None:
        return self._action.caller_receives if self._action else None

    def _is_bound(self, name: str) -> bool:
        return not is_fixed(self._saved[name], may_be_expression="variable" in get_modes(self._fields[name]))

    def _read_property(
        self, name: str, item: FieldInfo, found: Mapping[str, FoundValue]
    ) -> tuple[str, FoundValue | None]:
        if name in self._bound:
            return "bound", found.get(name)
        source = "connection" if get_property_type(item) is CONNECTION else "fixed"
        if name in self._saved:
            return source, FoundValue(self._saved[name])
        return "default", FoundValue(None if item.is_required() else item.get_default(call_default_factory=True))

    def _find_received(self, number: int) -> Mapping[str, FoundValue]:
        name = self._caller_receives
        if name is None:
            return self._values.find("received", number) or {}
        value = self._values.find_received_by_caller(number)
        return {name: value} if value else {}

    def _find_given(self, number: int) -> Mapping[str, FoundValue]:
        state = self._values.state
        kept = self._values.find("gave", number)
        if kept is not None or state is None or number != self._values.pass_count:
            return kept or {}
        if self._action and self._action.role == "trigger":
            return {name: FoundValue(self._values.input) for name in state["outputs"]}
        return {name: FoundValue(value) for name, value in state["outputs"].items()}


def _is_shown(name: str, item: FieldInfo) -> bool:
    """Return whether a run reads the property: not what only the editor needs, such as notes and test data."""
    return name not in ActionProperties.model_fields and not get_options(item).verbatim


def _describe_value(found: FoundValue | None) -> dict[str, Any]:
    if found is None:
        return {"is_kept": False, "value": None, "cut_bytes": None}
    return {"is_kept": True, "value": hide_secrets(found.value), "cut_bytes": found.cut_bytes}


def _join_ranges(numbers: Iterable[int]) -> list[dict[str, int]]:
    """Return each row of numbers without a gap, as its first and its last one."""
    ranges: list[dict[str, int]] = []
    for number in numbers:
        if ranges and number == ranges[-1]["last"] + 1:
            ranges[-1]["last"] = number
        else:
            ranges.append({"first": number, "last": number})
    return ranges
