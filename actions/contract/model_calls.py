"""What actions tell of their calls to whoever watches the server: which failed, and how those of models went. Pure.

Nothing here holds a prompt, an answer or a key.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, NamedTuple, Protocol

from actions.contract.errors import ActionError

CallKind = Literal["chat", "embeddings", "http"]

failed_calls: Counter[tuple[CallKind, str]] = Counter()
"""By kind and error code: the tries of calls of this process that have failed, also those that were repeated."""


class ModelCall(NamedTuple):
    """A call of a model that begins."""

    kind: CallKind
    provider: str
    """In small letters: `anthropic`, `openai`, `voyage`."""
    model: str
    base_url: str


class CallOutcome(NamedTuple):
    """What has come of a call of a model. What is not known is None."""

    response_id: str | None = None
    response_model: str | None = None
    finish_reason: str | None = None
    input_tokens: int | None = None
    """All that the model has read: also what came from a cache, or went into one."""
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None


class CallWatch(Protocol):
    """Hears of one call."""

    def note_content(self) -> None:
        """The first content is here. Told once at most."""

    def end(self, outcome: CallOutcome, error_code: str | None) -> None:
        """The call has ended. Without an error code it has not failed: it is complete, or was given up."""


class CallWatcher(Protocol):
    """Hears of the calls that a run makes."""

    def begin(self, call: ModelCall) -> CallWatch:
        """The call begins. Whoever makes it calls `end` of what is returned."""


call_watcher: ContextVar[CallWatcher | None] = ContextVar("call_watcher", default=None)
"""Of the run for which a task works; None where nobody watches. Whoever starts a run sets it."""


@contextmanager
def watch_call(call: ModelCall) -> Iterator[None]:
    """Tell the watcher of this context, if there is one, of a call that is made within the block."""
    watcher, error_code = call_watcher.get(), None
    watch = watcher.begin(call) if watcher else None
    try:
        yield
    except ActionError as error:
        error_code = error.code
        raise
    finally:
        if watch:
            watch.end(CallOutcome(), error_code)
