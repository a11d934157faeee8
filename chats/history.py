"""The service by which the actions of a run load and save conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from actions.chat.history import ChatHistory, Turn
from chats import services
from web.database import in_database


@dataclass(frozen=True, slots=True)
class StoredHistory(ChatHistory):
    """The conversations of one owner in one workspace. No argument of a method can reach those of another."""

    workspace_id: UUID
    owner: str
    """As `Caller.owner` returns it."""
    max_messages: int = services.MAX_KEPT_MESSAGES

    async def load(self, session_id: str, limit: int) -> list[Turn]:
        return await in_database(services.load, self.workspace_id, self.owner, session_id, limit)

    async def save(self, session_id: str, turns: Sequence[Turn], run_id: str = "") -> None:
        await in_database(
            services.append, self.workspace_id, self.owner, session_id, turns, _parse_uuid(run_id), self.max_messages
        )

    async def clear(self, session_id: str) -> None:
        await in_database(services.clear, self.workspace_id, self.owner, session_id)


def _parse_uuid(run_id: str) -> UUID | None:
    try:
        return UUID(run_id)
    except ValueError:
        return None
