"""Drives the generator of an action from step to step.

An action that waits for nothing is a plain generator, which costs a fraction of an async one. Both are driven alike.
"""

from collections.abc import AsyncGenerator, Awaitable, Generator
from typing import Any

from actions.contract.action import BranchBroken
from actions.contract.steps import Step

PlainSteps = Generator[Step, Any, None]
AsyncSteps = AsyncGenerator[Step, Any]
Steps = PlainSteps | AsyncSteps


def resume_plain(steps: PlainSteps, answer: Any, error: Exception | None) -> Step | None:
    """Give `answer` to the `yield`, or throw `error` there; return the next step, or None when the action has ended.

    An error that the action does not catch passes on.
    """
    try:
        return steps.throw(error) if error else steps.send(answer)
    except (StopIteration, BranchBroken):
        return None


def resume_async(steps: AsyncSteps, answer: Any, error: Exception | None) -> Awaitable[Step | None]:
    """Do as `resume_plain` does, for an async generator; await the result."""
    # Most yields want no answer, and then the interpreter does all of it.
    return anext(steps, None) if error is None and answer is None else _resume_async(steps, answer, error)


async def _resume_async(steps: AsyncSteps, answer: Any, error: Exception | None) -> Step | None:
    try:
        return await (steps.athrow(error) if error else steps.asend(answer))
    except (StopAsyncIteration, BranchBroken):
        return None


async def close_steps(steps: Steps) -> None:
    """End a generator in its middle; what it holds open is closed."""
    if isinstance(steps, Generator):
        steps.close()
    else:
        await steps.aclose()
