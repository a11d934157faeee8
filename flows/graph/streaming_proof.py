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
    if structure.entry and not structure.actions[structure.entry].awaits_answer:
        return _read_kept_answer(structure), []
    emitters, live = _find_emitters(structure), _find_nodes_per_message(structure)
    if node := _find_live_emitter(structure, emitters, live):
        return Streaming(True, f"Each message reaches the client at once, from {structure.get_title(node)}.", node), []
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


def _read_kept_answer(structure: Structure) -> Streaming:
    """Return what becomes of the answer where nobody waits for one, as of a schedule."""
    emitters = _find_emitters(structure)
    if node := _find_live_emitter(structure, emitters, _find_nodes_per_message(structure)):
        text = f"Nobody waits for an answer. The run keeps each message at once, from {structure.get_title(node)}."
        return Streaming(True, text, node)
    what = f"what {structure.get_title(emitters[0])} gives" if emitters else "the result"
    return Streaming(False, f"Nobody waits for an answer. The run keeps {what}.")


def _find_emitters(structure: Structure) -> list[str]:
    return [id for id in structure.order if id in structure.reachable and structure.may_emit(id)]


def _find_live_emitter(structure: Structure, emitters: list[str], live: set[str]) -> str | None:
    """Return the first node that yields while an answer is written."""
    return next((node for node in emitters if node in live or structure.actions[node].streams), None)


def _find_streaming_nodes(structure: Structure) -> Iterator[str]:
    return (id for id in structure.order if id in structure.reachable and structure.actions[id].streams)


def _find_nodes_per_message(structure: Structure) -> set[str]:
    """Return the nodes that run once for each streamed message."""
    streamed = {
        branch for node in _find_streaming_nodes(structure) for branch in structure.get_branches(node) if branch.repeats
    }
    return find_nodes_behind(structure, lambda branch: branch in streamed)
