"""The application that `COUNTED` names, with a count of every bytecode that runs in it.

SIGUSR1 writes the counts since the last one as JSON to the file that `COUNTS` names: by kind of thread, by source file.
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


def _counting(frame: FrameType, event: str, arg: Any) -> Any:
    """Trace a new frame: let it tell its bytecodes, and nothing else."""
    frame.f_trace_opcodes, frame.f_trace_lines = True, False
    if not hasattr(_here, "count"):
        _here.count = _counter()
    return _here.count


def _counter() -> Any:
    thread = threading.current_thread()
    kind = "loop" if thread is threading.main_thread() else thread.name.partition("_")[0]
    counts = _counts.setdefault(kind, Counter())

    def count(frame: FrameType, event: str, arg: Any) -> Any:
        if event == "opcode":
            counts[frame.f_code.co_filename] += 1
        return count

    return count


def _write(*_: object) -> None:
    target, told = Path(os.environ["COUNTS"]), json.dumps(_counts)
    for counts in _counts.values():
        counts.clear()
    whole = target.with_suffix(".new")
    whole.write_text(told)
    whole.rename(target)


application = import_module(os.environ["COUNTED"]).application
threading.settrace(_counting)
sys.settrace(_counting)
signal.signal(signal.SIGUSR1, _write)
