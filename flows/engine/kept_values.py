"""Keeps what nodes received and gave, in events that members of the workspace read later. Pure.

A value is kept once: where the same object comes again, the event says where it is. What is large is cut, and the
event says how large it was.
"""

from collections.abc import Mapping
from typing import Any, Literal

from actions.contract.connection import Connection
from flows.engine.preview import UnshownText
from flows.engine.secret_values import has_secrets, hide_secrets, list_secrets
from flows.events.events import KeptValue, ValuePlace, encode_value
from flows.events.recorder import EventSink

MAX_PASSES = 50
"""Of a node in a path that repeats, so many first passes are kept, and the last one."""
MAX_MESSAGE_PASSES = 5
"""The same, where the path repeats for each message of a stream: messages are many and alike, and must cost little."""
MAX_VALUE_BYTES = 256 * 1024
"""Of one value, as JSON. Of a larger one the beginning is kept."""
MAX_RUN_BYTES = 2 * 1024 * 1024
"""Of all the values that are kept of one run. Of what comes after that, the size alone is kept."""
MAX_CUT_BYTES = 2_000
"""Of the beginning of a value that is cut."""
MAX_COPIED_BYTES = 500
"""A smaller value is written again each time: to say where it is would be as long."""
MIN_PART_LENGTH = 40
"""Characters or members of a part of a kept value from which on it is not written again."""

Side = Literal["received", "gave"]


class KeptValues:
    """The values that are kept of one run."""

    def __init__(self, events: EventSink, connections: Mapping[str, Connection], secrets: tuple[str, ...] = ()) -> None:
        """`secrets` are texts to hide beside the keys of the connections."""
        self._events = events
        self._connections = connections
        self._other_secrets = secrets
        self._secrets: tuple[list[str], list[bytes]] | None = None
        self._bytes = 0
        self._places: dict[int, tuple[Any, ValuePlace]] = {}
        """Where a value is kept, by its identity, which is sure as long as the value is held here too."""

    async def keep(self, side: Side, node: str, number: int, values: Mapping[str, Any]) -> None:
        """Record what the node received or gave in the pass of this number, unless it is nothing."""
        if values:
            kept = {name: self._describe(value, (side, node, number, name)) for name, value in values.items()}
            await self._events.record(f"node.{side}", node=node, pass_number=number, values=kept)

    def know_input(self, value: Any) -> None:
        """Take note that the trigger gives `value`, which is kept as the input of the run."""
        self._note(value, {"node": None, "side": "gave", "pass_number": 1, "path": []})
        if isinstance(value, Mapping):
            self._note_files(value.get("files"))

    def hide_secrets(self, value: Any) -> Any:
        """Return `value` without the secrets in it; itself when it has none."""
        return self._hide(value, encode_value(value))

    def _describe(self, value: Any, key: tuple[Side, str, int, str]) -> KeptValue:
        if value is None or isinstance(value, bool | int | float):
            return {"value": value}
        if known := self._places.get(id(value)):
            return {"same_as": known[1]}
        if isinstance(value, UnshownText):
            return {"value": "", "cut_bytes": len(value)}
        data = encode_value(value)
        shown = self._hide(value, data)
        if shown is not value:
            data = encode_value(shown)
        size = len(data)
        if size > MAX_VALUE_BYTES or self._bytes + size > MAX_RUN_BYTES:
            return {"value": self._cut(data), "cut_bytes": size}
        self._bytes += size
        if size > MAX_COPIED_BYTES:
            side, node, number, name = key
            self._note(value, {"node": node, "side": side, "pass_number": number, "path": [name]})
        return {"value": shown}

    def _cut(self, data: bytes) -> str:
        """Return the beginning of a value's JSON, or nothing when the run's bytes are used up."""
        room = min(MAX_CUT_BYTES, MAX_RUN_BYTES - self._bytes)
        self._bytes += max(room, 0)
        return data[: max(room, 0)].removeprefix(b'"').decode(errors="ignore")

    def _note(self, value: Any, place: ValuePlace) -> None:
        """Remember where a value and its direct parts are kept: a part may be bound by itself."""
        self._places[id(value)] = (value, place)
        if isinstance(value, Mapping):
            for name, part in value.items():
                if isinstance(part, str | Mapping | list) and len(part) > MIN_PART_LENGTH:
                    path: list[str | int] = [*place["path"], name]
                    self._places[id(part)] = (part, {**place, "path": path})

    def _note_files(self, files: Any) -> None:
        """Remember the files of the input, few as they are: their contents may be large, and stored elsewhere."""
        if not isinstance(files, list) or not files:
            return
        parts: list[tuple[Any, list[str | int]]] = [(files, ["files"])]
        parts += [(file, ["files", at]) for at, file in enumerate(files)]
        for part, path in parts:
            self._places[id(part)] = (part, {"node": None, "side": "gave", "pass_number": 1, "path": path})

    def _hide(self, value: Any, data: bytes) -> Any:
        if self._secrets is None:
            texts = [*self._other_secrets, *list_secrets(self._connections)]
            self._secrets = texts, [encode_value(text)[1:-1] for text in texts]
        texts, encoded = self._secrets
        return hide_secrets(value, texts) if has_secrets(data, encoded) else value
