"""Loads the application that `COUNTED` names, and counts every bytecode that runs in it.

SIGUSR1 writes the counts since the last signal as JSON to the file that `COUNTS` names: by kind of thread, and within
it by source file. The state is the module's own, because the interpreter's trace function and the signal handler are
one for the process.
"""

import json
import os
import signal
import sys
import threading
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

_counts: dict[str, Counter[str]] = {}
_here = threading.local()


def _trace_frame(frame: FrameType, event: str, arg: Any) -> Any:
    """Trace a new frame: report its bytecodes, and not its lines."""
    frame.f_trace_opcodes, frame.f_trace_lines = True, False
    if not hasattr(_here, "count"):
        _here.count = _build_counter()
    return _here.count


def _build_counter() -> Any:
    thread = threading.current_thread()
    kind = "loop" if thread is threading.main_thread() else thread.name.partition("_")[0]
    counts = _counts.setdefault(kind, Counter())

    def count(frame: FrameType, event: str, arg: Any) -> Any:
        if event == "opcode":
            counts[frame.f_code.co_filename] += 1
        return count

    return count


def _write_counts(*_: object) -> None:
    target, text = Path(os.environ["COUNTS"]), json.dumps(_counts)
    for counts in _counts.values():
        counts.clear()
    whole = target.with_suffix(".new")
    whole.write_text(text)
    whole.rename(target)


application = import_module(os.environ["COUNTED"]).application
threading.settrace(_trace_frame)
sys.settrace(_trace_frame)
signal.signal(signal.SIGUSR1, _write_counts)
