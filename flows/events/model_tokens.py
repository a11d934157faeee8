"""What the answers of models cost in tokens, by model, added up from the events of a run. Pure."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from pydantic_core import from_json, to_json

Tariff = Literal["usual", "long", "simulated"]
"""`long`: the prompt was so long that some models cost more. `simulated`: the demo's simulator answered."""

LONG_PROMPT_TOKENS = 100_000
"""A prompt of more tokens is a long one."""
NO_TOKENS = "[]"
"""Of a run in which no model answered."""
PackedCounts = int
"""The counts of `ModelTokens` side by side, so that `+` adds them all at once."""
_COUNTS = struct.Struct("<7Q")
MAX_PACKED_COUNT = 2**40
"""Of one row, so that a sum of very many has room. No vendor counts so far: a larger number is a fault of its API."""
COUNTED = frozenset({"run.started", "run.restarted", "answer.started", "usage"})
"""The events that `sum_model_tokens` reads."""


class ModelTokens(NamedTuple):
    """The tokens of some answers of one model. `input` is what was neither read from a cache nor written to one."""

    model: str
    tariff: Tariff
    answers: int = 0
    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    """Written to a cache for five minutes, or for a time that the vendor did not tell."""
    cache_write_1h: int = 0
    web_searches: int = 0

    @property
    def total(self) -> int:
        """All tokens, in and out."""
        return self.input + self.output + self.cache_read + self.cache_write_5m + self.cache_write_1h


def read_answer(event: Mapping[str, Any], *, is_simulated: bool) -> ModelTokens:
    """Return what an event with the counts of one answer says."""
    read, written = event.get("cache_read_input_tokens") or 0, event.get("cache_creation_input_tokens") or 0
    fresh, hour = event.get("input_tokens") or 0, event.get("ephemeral_1h_input_tokens") or 0
    usual: Tariff = "long" if fresh + read + written > LONG_PROMPT_TOKENS else "usual"
    tariff: Tariff = "simulated" if is_simulated else usual
    searches, output = event.get("web_search_requests") or 0, event.get("output_tokens") or 0
    return ModelTokens(event["model"], tariff, 1, fresh, output, read, max(written - hour, 0), hour, searches)


def add_model_tokens(parts: Iterable[ModelTokens]) -> list[ModelTokens]:
    """Return the sums of the parts: one for each model and tariff, in the order in which these come first."""
    sums: dict[tuple[str, str], ModelTokens] = {}
    for part in parts:
        key = part[:2]
        known = sums.get(key)
        counts = part[2:] if known is None else [a + b for a, b in zip(known[2:], part[2:], strict=True)]
        sums[key] = ModelTokens(part.model, part.tariff, *counts)
    return list(sums.values())


def sum_model_tokens(events: Iterable[Mapping[str, Any]]) -> list[ModelTokens]:
    """Return what the events of a run say. Of an answer without a `usage` event, its beginning tells the counts."""
    answers: list[ModelTokens] = []
    open_answers: dict[tuple[Any, Any], ModelTokens] = {}
    is_simulated = False
    for event in events:
        if event["type"] in ("run.started", "run.restarted"):
            is_simulated = event["simulator"]
            continue
        key, answer = (event["node"], event.get("message_id")), read_answer(event, is_simulated=is_simulated)
        if event["type"] == "answer.started":
            open_answers[key] = answer
        else:
            open_answers.pop(key, None)
            answers.append(answer)
    return add_model_tokens([*answers, *open_answers.values()])


def write_model_tokens(parts: Sequence[ModelTokens]) -> str:
    """Return the parts as JSON: for each a list of its fields in their order."""
    return to_json(parts).decode()


def read_model_tokens(text: str) -> list[ModelTokens]:
    """Return what `write_model_tokens` has written."""
    return [ModelTokens(*part) for part in from_json(text)]


def pack_counts(counts: Sequence[int]) -> PackedCounts:
    """Return the counts of `ModelTokens`, in the order of its fields, as one number."""
    if min(counts) < 0 or max(counts) > MAX_PACKED_COUNT:
        counts = [min(max(count, 0), MAX_PACKED_COUNT) for count in counts]
    return int.from_bytes(_COUNTS.pack(*counts), "little")


def unpack_tokens(model: str, tariff: Tariff, packed: PackedCounts) -> ModelTokens:
    """Return the tokens of a model whose counts were packed, or are a sum of such."""
    return ModelTokens(model, tariff, *_COUNTS.unpack(packed.to_bytes(_COUNTS.size, "little")))
