"""Loads the application that `COUNTED` names, and counts every bytecode that runs in it, from the first SIGUSR1 on.

Each SIGUSR1 writes the counts since the last one as JSON to the file that `COUNTS` names: by kind of thread, and within
it by source file. Until the first one the process runs nearly as fast as it does without. The state is the module's
own, because the interpreter's trace function and the signal handler are one for the process.
"""

import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

_counts: dict[str, Counter[str]] = {}
_is_counting = False


def _trace_call(frame: FrameType, event: str, arg: Any) -> Any:
    """Trace a frame that begins or goes on: report its bytecodes, and not its lines."""
    if not _is_counting:
        return None
    frame.f_trace_opcodes, frame.f_trace_lines = True, False
    return _find_counter(threading.current_thread().name)


@cache
def _find_counter(thread: str) -> Callable[[FrameType, str, Any], Any]:
    """Return the trace function of a thread, by its name."""
    counts = _counts.setdefault("loop" if thread == "MainThread" else thread.partition("_")[0], Counter())

    def count(frame: FrameType, event: str, arg: Any) -> Any:
        if event == "opcode":
            counts[frame.f_code.co_filename] += 1
        return count

    return count


def _trace_running_functions() -> None:
    """Report the bytecodes also of the functions in which the threads are at this moment."""
    frames = sys._current_frames()
    for thread in threading.enumerate():
        frame = frames.get(thread.ident or 0)
        while frame:
            frame.f_trace = _find_counter(thread.name)
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
            frame = frame.f_back


def _write_counts(*_: object) -> None:
    global _is_counting
    was_counting, _is_counting = _is_counting, False
    target, text = Path(os.environ["COUNTS"]), json.dumps(_counts)
    for counts in _counts.values():
        counts.clear()
    whole = target.with_suffix(".new")
    whole.write_text(text)
    whole.rename(target)
    if not was_counting:
        _trace_running_functions()
    _is_counting = True


application = import_module(os.environ["COUNTED"]).application
threading.settrace(_trace_call)
sys.settrace(_trace_call)
signal.signal(signal.SIGUSR1, _write_counts)
