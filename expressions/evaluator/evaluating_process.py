"""The server's side of the process that evaluates: starts it when it is needed, and again when it has ended."""

import atexit
import logging
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from expressions.evaluator.frames import LENGTH_BYTES

logger = logging.getLogger(__name__)

TIME_LIMIT_S = 5.0
START_LIMIT_S = 30.0
"""Until a new process reads: a busy machine takes long to load it."""
PIPE_BYTES = select.PIPE_BUF
"""So much a pipe takes without waiting once it takes any."""
ROOT = Path(__file__).parents[2]


class ProcessEnded(Exception):
    """The process has ended before it answered, as it does when it needs too much memory."""


class EvaluatingProcess:
    """A process that answers one request at a time. For one thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.stop)

    def ask(self, request: bytes) -> dict[str, Any]:
        """Return the answer to a request; raises TimeoutError and ProcessEnded, and then the process is a new one."""
        try:
            process = self._process
            if process is None or process.poll() is not None:
                process = self._start()
            deadline = time.monotonic() + TIME_LIMIT_S
            _write(process, request, deadline)
            return _read_frame(process, deadline)
        except (TimeoutError, ProcessEnded) as error:
            logger.warning("evaluating_process_stopped", extra={"reason": type(error).__name__})
            self.stop()
            raise

    def stop(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()

    def _start(self) -> subprocess.Popen[bytes]:
        # It gets no variables of the environment, because keys are among them. A signal to the server's group, as
        # Control-C sends one, is not meant for it: it ends with its input.
        self.stop()
        command = [sys.executable, "-m", "expressions.evaluator.process"]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(  # noqa: S603  # a fixed command
            command, cwd=ROOT, env={}, stdin=pipe, stdout=pipe, stderr=nowhere, start_new_session=True, bufsize=0
        )
        _read_frame(self._process, time.monotonic() + START_LIMIT_S)  # that it is ready
        return self._process


def _read_frame(process: subprocess.Popen[bytes], deadline: float) -> dict[str, Any]:
    assert process.stdout
    pipe = process.stdout.fileno()
    length = int.from_bytes(_read(pipe, LENGTH_BYTES, deadline))
    answer: dict[str, Any] = from_json(_read(pipe, length, deadline))
    return answer


def _write(process: subprocess.Popen[bytes], data: bytes, deadline: float) -> None:
    assert process.stdin
    pipe, rest = process.stdin.fileno(), memoryview(data)
    while rest:
        _wait(pipe, select.POLLOUT, deadline)
        try:
            rest = rest[os.write(pipe, rest[:PIPE_BYTES]) :]
        except BrokenPipeError:
            raise ProcessEnded from None


def _read(pipe: int, length: int, deadline: float) -> bytes:
    read = bytearray()
    while len(read) < length:
        _wait(pipe, select.POLLIN, deadline)
        part = os.read(pipe, min(length - len(read), 1 << 16))
        if not part:
            raise ProcessEnded
        read += part
    return bytes(read)


def _wait(pipe: int, event: int, deadline: float) -> None:
    """Wait until the pipe takes or has bytes, or the other side has closed it; raises TimeoutError."""
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError
