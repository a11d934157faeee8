"""The engine still tells the golden runs, and both folds still agree on what they mean."""

import json

import pytest

from flows.events.fold import create_state, fold
from tests.flows.events.golden import FOLDER, NAMES, events_of
from tests.flows.log.events import item as create_item


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


def test_a_text_that_is_too_long_to_be_shown_whole_is_cut_once_as_in_the_browser() -> None:
    texts = ["x" * 1_999_999, "yy", "z"]
    state = fold([create_item(1, texts[0]), create_item(2, texts[1])])
    fold([create_item(3, texts[2])], state)
    assert (len(state["text"]), state["text"][-2:], state["items"]) == (2_000_001, "y…", 3)
