"""The parts of a saved graph: what their values may be."""

from typing import Any

import pytest
from pydantic import ValidationError

from flows.graph.document import Graph

NOTE = {"id": "note", "text": "", "position": {"x": 0, "y": 0}}


@pytest.mark.parametrize("number", [1, 1.5, -1_000_000])
def test_a_size_is_a_number(number: float) -> None:
    assert Graph.model_validate({"notes": [{**NOTE, "height": number}]}).notes[0].height == number


@pytest.mark.parametrize("value", [True, "1", None, 1_000_001])
@pytest.mark.parametrize("place", ["height", "width", "x", "y"])
def test_a_size_is_nothing_else(place: str, value: Any) -> None:
    note = {**NOTE, "position": {"x": 0, "y": 0, place: value}} if place in "xy" else {**NOTE, place: value}
    with pytest.raises(ValidationError, match=place):
        Graph.model_validate({"notes": [note]})
