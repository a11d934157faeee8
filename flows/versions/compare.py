"""What differs between two graphs, as a builder would say it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

ChangeKind = Literal["added", "removed", "changed", "moved"]
Json = dict[str, Any]

_EDGE_FIELDS = ("kind", "source", "source_port", "target", "target_port")


def compare_graphs(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Json]]:
    """Return the changes of nodes, edges and notes from one stored graph to another, in the order of the graphs."""
    return {
        "nodes": list(_compare_nodes(before.get("nodes", ()), after.get("nodes", ()))),
        "edges": list(_compare_edges(before.get("edges", ()), after.get("edges", ()))),
        "notes": list(_compare_notes(before.get("notes", ()), after.get("notes", ()))),
    }


def _compare_nodes(before: Any, after: Any) -> Iterator[Json]:
    """Yield the changes. A node that has become another action is removed and added."""
    for was, now in _pair(before, after, ("id", "action")):
        node, properties = now or was, list(_compare_properties(was, now))
        if kind := _choose_kind(was, now, is_changed=bool(properties)):
            yield {"id": node["id"], "action": node["action"], "kind": kind, "properties": properties}


def _compare_properties(was: Json | None, now: Json | None) -> Iterator[Json]:
    """Yield the properties that differ, with their values. One that is unset has the value None."""
    if was and now:
        old, new = was["properties"], now["properties"]
        for name in dict.fromkeys((*old, *new)):
            if old.get(name) != new.get(name):
                yield {"name": name, "before": old.get(name), "after": new.get(name)}


def _compare_edges(before: Any, after: Any) -> Iterator[Json]:
    """Yield the edges that came or went. What an edge joins says which it is: its id may be another one."""
    for was, now in _pair(before, after, _EDGE_FIELDS):
        if not (was and now):
            edge = now or was
            yield {"change": "added" if now else "removed", **{name: edge[name] for name in ("id", *_EDGE_FIELDS)}}


def _compare_notes(before: Any, after: Any) -> Iterator[Json]:
    for was, now in _pair(before, after, ("id",)):
        texts = {"before": was["text"] if was else None, "after": now["text"] if now else None}
        if kind := _choose_kind(was, now, is_changed=texts["before"] != texts["after"]):
            yield {"id": (now or was)["id"], "kind": kind, **texts}


def _choose_kind(was: Json | None, now: Json | None, *, is_changed: bool) -> ChangeKind | None:
    if was is None or now is None:
        return "added" if now else "removed"
    if is_changed:
        return "changed"
    return "moved" if was["position"] != now["position"] else None


def _pair(before: Any, after: Any, names: tuple[str, ...]) -> Iterator[Any]:
    """Yield each part that either graph has, as it was and as it is; None where it is missing."""
    old, new = ({tuple(part[name] for name in names): part for part in parts} for parts in (before, after))
    for key in dict.fromkeys((*old, *new)):
        yield old.get(key), new.get(key)
