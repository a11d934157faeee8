"""The steps of one execution of an action, one after the other.

An action that waits for nothing is a plain generator, which costs a fraction of an async one; both are driven alike.
"""

from collections.abc import AsyncGenerator, Awaitable, Generator
from typing import Any

from actions.contract.action import BranchBroken
from actions.contract.steps import Step

Plain = Generator[Step, Any, None]
Waiting = AsyncGenerator[Step, Any]
Steps = Plain | Waiting


def resumed(steps: Plain, answer: Any, thrown: Exception | None) -> Step | None:
    """Return the next step of a plain generator, or None when it ended; a failure that it does not catch passes on."""
    try:
        return steps.throw(thrown) if thrown else steps.send(answer)
    except (StopIteration, BranchBroken):
        return None


def sent(steps: Waiting, answer: Any, thrown: Exception | None) -> Awaitable[Step | None]:
    """Return what gives the same of an async generator."""
    # Most yields want no answer, and then the interpreter does all of it.
    return anext(steps, None) if thrown is None and answer is None else _sent(steps, answer, thrown)


async def _sent(steps: Waiting, answer: Any, thrown: Exception | None) -> Step | None:
    try:
        return await (steps.athrow(thrown) if thrown else steps.asend(answer))
    except (StopAsyncIteration, BranchBroken):
        return None


async def close(steps: Steps) -> None:
    """End a generator in its middle; what it holds open is closed."""
    if isinstance(steps, Generator):
        steps.close()
    else:
        await steps.aclose()
