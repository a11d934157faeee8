"""The process that evaluates: `python -m expressions.evaluator.process`. It reads requests and writes what they gave.

It ends when its input ends. It may also end when it needs more memory than it may: not all that CEL does says so.
"""

import resource
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from expressions.errors import ExpressionError
from expressions.evaluation import evaluate_checked, read_checked
from expressions.evaluator.frames import (
    MAX_MEMORY_MB,
    MAX_RESULT_MB,
    MEGABYTE,
    OUT_OF_MEMORY,
    READY,
    build_frame,
    read_frame,
)
from expressions.functions import build_environment

MEMORY = Path("/proc/self/statm")
"""Begins with the pages of memory that the process has."""


def main() -> None:
    _limit_memory()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(build_frame(READY))
    answers.flush()
    while True:
        try:
            request = read_frame(requests)
        except EOFError:
            return
        answers.write(_answer(request))
        answers.flush()


def _limit_memory() -> None:
    evaluate_checked(build_environment().compile("1"), {}, "1")  # what is loaded late is loaded now
    if not MEMORY.exists():  # only Linux tells, and keeps to the limit
        return
    pages = int(MEMORY.read_text().split()[0])
    limit = pages * resource.getpagesize() + MAX_MEMORY_MB * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(request: dict[str, Any]) -> bytes:
    source = request["source"]
    try:
        frame = build_frame({"value": evaluate_checked(_read_expression(request), request["data"], source)})
        if len(frame) > MAX_RESULT_MB * MEGABYTE:
            message = f"{source!r} gave {len(frame):,} bytes of JSON; {MAX_RESULT_MB} MB are allowed."
            raise ExpressionError("value_too_large", message, "Choose what you need of it.")
    except ExpressionError as error:
        return build_frame({"code": error.code, "message": error.message, "hint": error.hint})
    except MemoryError:
        return build_frame({"code": OUT_OF_MEMORY})
    return frame


def _read_expression(request: dict[str, Any]) -> Any:
    if request["checked"]:
        return _read_checked(bytes.fromhex(request["checked"]))
    return _compile(request["source"], tuple(request["data"]))


_read_checked = lru_cache(maxsize=256)(read_checked)


@lru_cache(maxsize=256)
def _compile(source: str, names: tuple[str, ...]) -> Any:
    return build_environment(names).compile(source)


if __name__ == "__main__":
    main()
