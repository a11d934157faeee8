"""Conversations are stored for one owner alone, in their order, and the oldest messages are deleted first."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from actions.chat.history import ChatHistory
from chats.history import StoredHistory
from chats.models import ChatMessage, ChatSession
from flows.runs.run_services import RunOwner, build_services
from web.database import close_pool_connections
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

RUN = str(uuid4())
BLOCKS = [{"type": "text", "text": "Zwei \N{SNOWMAN}", "citations": [{"cited_text": "x", "index": 0}]}]


@pytest.fixture(autouse=True)
def ended_threads() -> Iterator[None]:
    yield
    close_pool_connections()


def build_exchange(name: Any = "One") -> list[dict[str, Any]]:
    answer = {"role": "assistant", "content": BLOCKS, "stop_reason": "end_turn"}
    return [{"role": "user", "content": f"{name}"}, answer]


def get_history(workspace: Workspace, owner: str = "key:1") -> StoredHistory:
    return StoredHistory(workspace.pk, owner)


async def test_messages_come_back_as_they_were_saved(workspace: Workspace) -> None:
    await get_history(workspace).save("s", build_exchange(), RUN)
    assert await get_history(workspace).load("s", 10) == build_exchange()
    assert str((await ChatMessage.objects.afirst()).run_id) == RUN  # type: ignore[union-attr]  # it was just saved


async def test_the_newest_are_read_oldest_first(workspace: Workspace) -> None:
    for name in range(3):
        await get_history(workspace).save("s", build_exchange(name))
    assert await get_history(workspace).load("s", 3) == [*build_exchange(1)[1:], *build_exchange(2)]


async def test_a_session_is_nobody_elses(workspace: Workspace, other_workspace: Workspace) -> None:
    await get_history(workspace).save("s", build_exchange())
    others = [get_history(workspace, "key:2"), get_history(workspace, "user:1"), get_history(other_workspace)]
    for other in others:
        assert await other.load("s", 10) == []
        await other.clear("s")
        await other.save("s", build_exchange("Theirs"))
    assert await get_history(workspace).load("s", 10) == build_exchange()
    assert await ChatSession.objects.acount() == 4


async def test_a_cleared_session_begins_anew(workspace: Workspace) -> None:
    await get_history(workspace).save("s", build_exchange())
    await get_history(workspace).save("t", build_exchange())
    await get_history(workspace).clear("s")
    await get_history(workspace).clear("never was")
    assert (await get_history(workspace).load("s", 10), await get_history(workspace).load("t", 10)) == (
        [],
        build_exchange(),
    )


async def test_saves_at_the_same_moment_lose_nothing_and_keep_each_exchange_together(workspace: Workspace) -> None:
    await asyncio.gather(*(get_history(workspace).save("s", build_exchange(name)) for name in range(20)))
    turns = await get_history(workspace).load("s", 100)
    assert [turn["role"] for turn in turns] == ["user", "assistant"] * 20
    assert {turn["content"] for turn in turns[::2]} == {str(name) for name in range(20)}


async def test_the_oldest_are_deleted_and_no_position_is_used_again(workspace: Workspace) -> None:
    history = StoredHistory(workspace.pk, "key:1", max_messages=4)
    for name in range(4):
        await history.save("s", build_exchange(name))
    assert await history.load("s", 100) == [*build_exchange(2), *build_exchange(3)]
    positions = ChatMessage.objects.order_by("position").values_list("position", flat=True)
    assert [position async for position in positions] == [5, 6, 7, 8]


async def test_a_failed_save_leaves_nothing_behind(workspace: Workspace) -> None:
    await get_history(workspace).save("s", build_exchange())
    with pytest.raises(KeyError):
        await get_history(workspace).save("s", [*build_exchange("Two"), {"content": "no role"}])
    assert await get_history(workspace).load("s", 10) == build_exchange()


async def test_a_run_is_offered_the_history_of_whoever_called(workspace: Workspace) -> None:
    await build_services(RunOwner(workspace.pk, "key:1")).get(ChatHistory).save("s", build_exchange())
    assert await build_services(RunOwner(workspace.pk, "key:1")).get(ChatHistory).load("s", 9) == build_exchange()
    assert await build_services(RunOwner(workspace.pk, "key:2")).get(ChatHistory).load("s", 9) == []
