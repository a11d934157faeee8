"""Where conversations are kept: one owner's is nobody else's, order holds, the oldest go first."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from actions.chat.history import ChatHistory
from chats import services
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


def exchange(name: Any = "One") -> list[dict[str, Any]]:
    answer = {"role": "assistant", "content": BLOCKS, "stop_reason": "end_turn"}
    return [{"role": "user", "content": f"{name}"}, answer]


def history(workspace: Workspace, owner: str = "key:1") -> StoredHistory:
    return StoredHistory(workspace.pk, owner)


async def test_messages_come_back_as_they_were_saved(workspace: Workspace) -> None:
    await history(workspace).save("s", exchange(), RUN)
    assert await history(workspace).load("s", 10) == exchange()
    assert str((await ChatMessage.objects.afirst()).run_id) == RUN  # type: ignore[union-attr]  # it was just saved


async def test_the_newest_are_read_oldest_first(workspace: Workspace) -> None:
    for name in range(3):
        await history(workspace).save("s", exchange(name))
    assert await history(workspace).load("s", 3) == [*exchange(1)[1:], *exchange(2)]


async def test_a_session_is_nobody_elses(workspace: Workspace, other_workspace: Workspace) -> None:
    await history(workspace).save("s", exchange())
    others = [history(workspace, "key:2"), history(workspace, "user:1"), history(other_workspace)]
    for other in others:
        assert await other.load("s", 10) == []
        await other.clear("s")
        await other.save("s", exchange("Theirs"))
    assert await history(workspace).load("s", 10) == exchange()
    assert await ChatSession.objects.acount() == 4


async def test_a_cleared_session_begins_anew(workspace: Workspace) -> None:
    await history(workspace).save("s", exchange())
    await history(workspace).save("t", exchange())
    await history(workspace).clear("s")
    await history(workspace).clear("never was")
    assert (await history(workspace).load("s", 10), await history(workspace).load("t", 10)) == ([], exchange())


async def test_saves_at_the_same_moment_lose_nothing_and_keep_each_exchange_together(workspace: Workspace) -> None:
    await asyncio.gather(*(history(workspace).save("s", exchange(name)) for name in range(20)))
    turns = await history(workspace).load("s", 100)
    assert [turn["role"] for turn in turns] == ["user", "assistant"] * 20
    assert {turn["content"] for turn in turns[::2]} == {str(name) for name in range(20)}


async def test_the_oldest_are_dropped_and_no_position_is_used_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MAX_KEPT_MESSAGES", 4)
    for name in range(4):
        await history(workspace).save("s", exchange(name))
    assert await history(workspace).load("s", 100) == [*exchange(2), *exchange(3)]
    positions = ChatMessage.objects.order_by("position").values_list("position", flat=True)
    assert [position async for position in positions] == [5, 6, 7, 8]


async def test_a_failed_save_leaves_nothing_behind(workspace: Workspace) -> None:
    await history(workspace).save("s", exchange())
    with pytest.raises(KeyError):
        await history(workspace).save("s", [*exchange("Two"), {"content": "no role"}])
    assert await history(workspace).load("s", 10) == exchange()


async def test_a_run_is_offered_the_history_of_whoever_called(workspace: Workspace) -> None:
    await build_services(RunOwner(workspace.pk, "key:1")).get(ChatHistory).save("s", exchange())
    assert await build_services(RunOwner(workspace.pk, "key:1")).get(ChatHistory).load("s", 9) == exchange()
    assert await build_services(RunOwner(workspace.pk, "key:2")).get(ChatHistory).load("s", 9) == []
