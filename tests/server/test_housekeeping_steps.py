"""A large index is built beside what is due for runs, some of it in each look."""

from collections.abc import Iterator

import pytest

from server import housekeeping
from server.housekeeping import Indexing


@pytest.mark.django_db(transaction=True)
async def test_an_index_is_built_on_in_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, steps = [], []

    def build() -> Iterator[None]:
        begun.append(True)
        for number in range(5):
            steps.append(number)
            yield

    monkeypatch.setattr(housekeeping, "tend_indexes", build)
    monkeypatch.setattr(housekeeping, "MAX_INDEXING_S", 0.0)
    monkeypatch.setattr(housekeeping, "VISIT_S", 0.0)
    indexing, done = Indexing(), []
    for look in range(8):
        await indexing.go_on(may_begin=look == 0)
        done.append(len(steps))
    assert (done, len(begun)) == ([1, 2, 3, 4, 5, 5, 5, 5], 1)
    await indexing.go_on(may_begin=True)
    assert (len(steps), len(begun)) == (6, 2)
