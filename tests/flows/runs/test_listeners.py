"""The readers of a run are counted: silence is told when the last one has gone and no other has come."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from django.db import DatabaseError

from flows.log.frames import Frame
from flows.models import Run, RunStatus
from flows.runs import listeners as listeners_module
from flows.runs.listeners import Listeners, ReadersOfOthers, note_readers, read_silences
from tests.flows.log.runs import create_run
from web.database import in_database
from workspaces.models import Workspace


async def read_for_ever() -> AsyncGenerator[list[Frame], None]:
    while True:
        yield []


async def listen(listeners: Listeners) -> AsyncGenerator[list[Frame], None]:
    reader = listeners.read_counted(read_for_ever())
    await anext(reader)
    return reader


async def test_silence_is_told_when_the_last_reader_has_left() -> None:
    silence = asyncio.Event()
    listeners = Listeners(0, silence.set)
    first, second = await listen(listeners), await listen(listeners)
    await first.aclose()
    await asyncio.sleep(0)
    assert not silence.is_set()
    await second.aclose()
    await silence.wait()


async def test_a_reader_elsewhere_counts_as_one_that_has_left() -> None:
    silence = asyncio.Event()
    listeners = Listeners(0.05, silence.set)
    assert not listeners.was_heard
    listeners.hear_elsewhere(ago_s=0.04)
    assert listeners.was_heard
    here = await listen(listeners)
    await asyncio.sleep(0.1)
    assert not silence.is_set()
    await here.aclose()
    await silence.wait()


async def test_a_reader_elsewhere_may_be_noted_late_also_without_any_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners_module, "NOTE_MARGIN_S", 3600.0)
    told = list[str]()
    listeners = Listeners(0, lambda: told.append("silence"))
    listeners.hear_elsewhere(ago_s=1.5)
    for _ in range(5):
        await asyncio.sleep(0)
    assert told == []
    listeners.hear_elsewhere(ago_s=3600.0)
    await asyncio.sleep(0.01)
    assert told == ["silence"]


async def test_a_reader_that_comes_in_time_ends_the_wait() -> None:
    told = []
    listeners = Listeners(0, lambda: told.append("silence"))
    first = await listen(listeners)
    await first.aclose()
    second = await listen(listeners)
    for _ in range(5):  # turns of the loop, in each of which a timer that is due would run
        await asyncio.sleep(0)
    assert told == []
    await second.aclose()


@pytest.mark.django_db
def test_readers_are_noted_of_the_runs_that_go_on_and_of_no_other(workspace: Workspace) -> None:
    first, second, ended, unread = (create_run(workspace) for _ in range(4))
    Run.objects.filter(pk=ended.pk).update(status=RunStatus.COMPLETED)
    note_readers([ended.pk])
    note_readers([first.pk, second.pk, ended.pk])
    silences = read_silences([first.pk, second.pk, ended.pk, unread.pk])
    assert silences.keys() == {first.pk, second.pk}
    assert all(abs(silence_s) < 60 for silence_s in silences.values())


@pytest.mark.django_db(transaction=True)
async def test_a_reader_of_another_processs_run_is_noted_also_when_it_has_left(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await in_database(create_run, workspace)
    readers = ReadersOfOthers()
    reader = readers.read_counted(run.pk, read_for_ever(), is_new=True)
    await anext(reader)
    await reader.aclose()
    with monkeypatch.context() as away, pytest.raises(DatabaseError):
        away.setattr(listeners_module, "note_readers", refuse)
        await readers.note()
    assert await in_database(read_silences, [run.pk]) == {}
    await readers.note()
    assert (await in_database(read_silences, [run.pk])).keys() == {run.pk}
    with monkeypatch.context() as away:
        away.setattr(listeners_module, "note_readers", refuse)
        await readers.note()  # there is nothing to write


def refuse(run_ids: object) -> None:
    raise DatabaseError("away")
