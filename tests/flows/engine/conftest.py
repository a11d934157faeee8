"""Each test of the engine runs twice: a stream's messages are steps of its action, or are pushed from without."""

import pytest

from tests.flows.scripted import Stream


@pytest.fixture(autouse=True, params=["stepped", "pushed"])
def _each_driver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stream, "pushes", request.param == "pushed")
