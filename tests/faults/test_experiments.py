"""Every experiment of `make faults`, at a size for every day.

How long something takes is judged by ten times what is promised, because a busy machine fails no test; `make faults`
judges the promise itself.
"""

import asyncio
from typing import Any

import pytest

from tests.faults.experiments import EXPERIMENTS
from tests.faults.figures import Experiment

LONGEST_S = 600


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=[each.name for each in EXPERIMENTS])
async def test_no_promise_is_missed(experiment: Experiment[Any]) -> None:
    async with asyncio.timeout(LONGEST_S):
        figures = await experiment.measure(experiment.small)
    assert figures
    assert [figure for figure in figures if not figure.ok and not figure.is_excused] == []
