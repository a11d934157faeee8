"""Says of a flow whether a caller receives it piece by piece, or waits, and why. Pure."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from flows.graph.problems import Problem
from flows.graph.structure import Structure, find_nodes_behind


@dataclass(frozen=True, slots=True)
class Streaming:
    """How a caller receives the answer of a flow."""

    streams: bool
    """Whether the answer arrives piece by piece."""
    text: str
    """The same in a sentence, with the reason."""
    node: str | None = None
    """The id of the node that yields the pieces."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def read_streaming(structure: Structure) -> tuple[Streaming, list[Problem]]:
    """Return what a caller will see, with warnings where a streaming caller would wait for nothing."""
    emitters = [id for id in structure.order if id in structure.reachable and structure.may_emit(id)]
    live = _find_nodes_per_message(structure)
    for node in emitters:
        if node in live or structure.actions[node].streams:
            title = structure.get_title(node)
            return Streaming(True, f"Each message reaches the client at once, from {title}.", node), []
    if emitters:
        title = structure.get_title(emitters[0])
        return Streaming(False, f"The client waits until {title} is reached; it is not in For each message."), []
    if not live and not any(structure.actions[id].streams for id in structure.reachable):
        return Streaming(False, "The client receives the result when the flow has ended."), []
    message = "Nothing is yielded: a streaming client receives only the end of the run."
    hint = "Add Yield return behind For each message."
    problem = Problem(
        "nothing_yielded", message, next(iter(_find_streaming_nodes(structure)), None), severity="warning", hint=hint
    )
    return Streaming(False, message), [problem]


def _find_streaming_nodes(structure: Structure) -> Iterator[str]:
    return (id for id in structure.order if id in structure.reachable and structure.actions[id].streams)


def _find_nodes_per_message(structure: Structure) -> set[str]:
    """Return the nodes that run once for each streamed message."""
    streamed = {
        branch for node in _find_streaming_nodes(structure) for branch in structure.get_branches(node) if branch.repeats
    }
    return find_nodes_behind(structure, lambda branch: branch in streamed)
