"""The engine still tells the golden runs, and both folds still agree on what they mean."""

import json

import pytest

from flows.events.fold import create_state, fold
from tests.flows.events.golden import FOLDER, NAMES, events_of


@pytest.mark.parametrize("name", NAMES)
async def test_the_engine_tells_the_golden_run(name: str) -> None:
    golden = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    assert await events_of(name) == golden["events"]


@pytest.mark.parametrize("name", NAMES)
def test_the_fold_gives_the_golden_state(name: str) -> None:
    golden = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    assert fold(golden["events"]) == golden["state"]


def test_events_that_overlap_are_folded_once() -> None:
    events = json.loads((FOLDER / "streamed.json").read_text("utf-8"))["events"]
    state = fold(events[:6], create_state())
    assert fold(events[3:], state) == fold(events)
