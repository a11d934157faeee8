"""What an action may ask of the place where conversations are kept, and what a session id is. Pure."""

from collections.abc import Sequence
from typing import Any, Protocol

from actions.contract.errors import ActionError
from actions.contract.properties import prop
from actions.contract.steps import Warn

Turn = dict[str, Any]
"""One message: `role` (user or assistant), `content` (text or a model's blocks), `stop_reason` where it is known."""

MAX_SESSION_ID_CHARACTERS = 200


class ChatHistory(Protocol):
    """The conversations of whoever calls the flow. Another caller's session of the same id is another session."""

    async def load(self, session_id: str, limit: int) -> list[Turn]:
        """Return the newest `limit` messages, oldest first; none when there is no such session."""
        ...

    async def save(self, session_id: str, turns: Sequence[Turn], run_id: str = "") -> None:
        """Add the turns to the end of the session, all or none, and drop its oldest beyond what is kept."""
        ...

    async def clear(self, session_id: str) -> None:
        """Forget the session."""
        ...


def declare_session_id() -> Any:
    return prop(
        "The conversation, as the caller names it. Another caller's conversation of the same name is another one.",
        suggests=("chat_completion_request.session_id",),
    )


def read_session_id(value: str | None) -> str:
    """Return the session id, empty when there is none; raises ActionError `invalid_session_id`."""
    session_id = (value or "").strip()
    if len(session_id) > MAX_SESSION_ID_CHARACTERS or not session_id.isprintable():
        message = (
            f"The session id is longer than {MAX_SESSION_ID_CHARACTERS} characters, or holds some that cannot be shown."
        )
        raise ActionError("invalid_session_id", message, "Use a short text, such as an id of the caller's own.")
    return session_id


def warn_no_session(what: str) -> Warn:
    """Return what is told when the caller gave no session id: the flow answers all the same, without a memory."""
    hint = "A caller that wants a memory sends a session_id."
    return Warn("no_session", f"The session id is empty, so {what}.", hint, "session_id")
