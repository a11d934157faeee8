"""Places cards and notes: the line from left to right, each branch in a lane of its own, the notes below."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

CARD_STEP_X = 340
LANE_STEP_Y = 320
NOTE_WIDTH, NOTE_HEIGHT, NOTE_GAP = 320, 220, 40
NOTES_PER_ROW = 5


def place_cards(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> None:
    """Give each node a position."""
    following: dict[str, list[str]] = defaultdict(list)
    for edge in sorted(edges, key=lambda edge: edge["source_port"] != "continue"):
        following[edge["source"]].append(edge["target"])
    led_to = {edge["target"] for edge in edges}
    placed: dict[str, dict[str, float]] = {}
    for lane, (first, column) in enumerate(_list_lanes(nodes, led_to, following, placed)):
        id, place = first, column
        while id not in placed:
            placed[id] = {"x": 40 + place * CARD_STEP_X, "y": 80 + lane * LANE_STEP_Y}
            id, place = (following[id] or [id])[0], place + 1
    _close_lanes(placed)
    for node in nodes:
        node["position"] = placed[node["id"]]


def _list_lanes(
    nodes: list[dict[str, Any]],
    led_to: set[str],
    following: dict[str, list[str]],
    placed: dict[str, dict[str, float]],
) -> Iterator[tuple[str, int]]:
    """Yield where each lane begins: a node and its column. The caller places the whole lane before it asks on."""
    for node in sorted(nodes, key=lambda node: node["id"] in led_to):
        todo = [(node["id"], 0)]
        while todo:
            first, column = todo.pop()
            if first in placed:
                continue
            yield first, column
            id, lane = first, list[tuple[str, int]]()
            while id in placed and (id, column) not in lane:
                lane.append((id, column))
                id, column = (following[id] or [id])[0], column + 1
                if (id, column - 1) in lane:
                    break
            todo += [(other, place + 1) for here, place in lane for other in reversed(following[here][1:])]


def _close_lanes(placed: dict[str, dict[str, float]]) -> None:
    """Move the lanes together, so that none is empty."""
    rows = {y: place for place, y in enumerate(sorted({position["y"] for position in placed.values()}))}
    for position in placed.values():
        position["y"] = 80 + rows[position["y"]] * LANE_STEP_Y


def place_notes(texts: list[str], nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return notes with the texts, in rows below the cards."""
    top = max((node["position"]["y"] for node in nodes), default=-LANE_STEP_Y) + LANE_STEP_Y + 120
    notes = []
    for place, text in enumerate(texts):
        row, column = divmod(place, NOTES_PER_ROW)
        position = {"x": 40 + column * (NOTE_WIDTH + NOTE_GAP), "y": top + row * (NOTE_HEIGHT + NOTE_GAP)}
        size = {"width": NOTE_WIDTH, "height": NOTE_HEIGHT}
        notes.append({"id": f"note_{place + 1}", "text": text[:10_000], "position": position, **size})
    return notes
