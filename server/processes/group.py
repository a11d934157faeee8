"""Keeps several processes alive: `python -m server.processes.group COUNT ARGUMENT… [-- COUNT ARGUMENT…]`.

The arguments are what Python is asked to run in each of so many processes. This process takes no calls and loads no
Django. It starts one again that has died, passes SIGTERM and SIGINT on, and ends when all have ended. When it dies
itself, the kernel sends SIGTERM to those that are left.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from datetime import UTC, datetime
from typing import Any

END_SIGNALS = (signal.SIGTERM, signal.SIGINT)
MAX_RESTARTS = 5
"""How many are started again within `RESTART_WINDOW_S`. When one more dies, all are ended."""
RESTART_WINDOW_S = 60.0
PR_SET_PDEATHSIG = 1
"""Of Linux: the signal that a process gets when its parent dies. It holds beyond `exec`."""


class ProcessGroup:
    """Owns the server processes, by their ids."""

    def __init__(self, commands: list[list[str]]) -> None:
        """`commands` has one entry for each process."""
        self._commands = commands
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._restarts = deque[float](maxlen=MAX_RESTARTS)
        self._end_signal: int | None = None
        self._has_failed = False

    def run(self) -> int:
        """Start the processes and return when all have ended: 0, or 1 when they kept dying."""
        for number in END_SIGNALS:
            signal.signal(number, lambda number, _: self._end(number))
        for command in self._commands:
            self._start(command)
        while self._processes:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            process = self._processes.pop(ended.si_pid, None) if ended else None
            if process:
                self._judge_end(process, process.wait())
        return int(self._has_failed)

    def _start(self, command: list[str]) -> None:
        owner = os.getpid()
        # A signal waits meanwhile: the new process would take it for its parent, or not be among those that are told.
        signal.pthread_sigmask(signal.SIG_BLOCK, END_SIGNALS)
        if self._end_signal is None:
            process = subprocess.Popen(command, preexec_fn=lambda: _end_with(owner))  # noqa: S603  # our own
            self._processes[process.pid] = process
        signal.pthread_sigmask(signal.SIG_UNBLOCK, END_SIGNALS)

    def _end(self, number: int) -> None:
        self._end_signal = number
        for process in list(self._processes.values()):
            process.send_signal(number)

    def _judge_end(self, process: subprocess.Popen[bytes], status: int) -> None:
        """Start another process in place of one that has died, unless all are to end or too many have died."""
        if self._end_signal is not None:
            return
        how = f"signal {-status}" if status < 0 else f"status {status}"
        now = time.monotonic()
        if len(self._restarts) == MAX_RESTARTS and now - self._restarts[0] < RESTART_WINDOW_S:
            hint = f"{MAX_RESTARTS} were started again within {RESTART_WINDOW_S:.0f} seconds, so all are ended now."
            _write_line("server_processes_keep_ending", process=process.pid, ended_by=how, hint=hint)
            self._has_failed = True
            self._end(signal.SIGTERM)
            return
        self._restarts.append(now)
        _write_line("server_process_ended", process=process.pid, ended_by=how, hint="Another one is started.")
        self._start(list(process.args))  # type: ignore[arg-type]  # as `_start` has given them


def _end_with(owner: int) -> None:
    """Let the kernel end this new process when its parent dies, or end it now if that has died already."""
    for number in END_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, END_SIGNALS)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != owner:
        os._exit(1)


def _write_line(event: str, **fields: Any) -> None:
    """Write an error to the log, in the form of the other lines."""
    head = {"event": event, "logger": "server.processes.group", "level": "error"}
    sys.stderr.write(json.dumps({**fields, **head, "timestamp": datetime.now(UTC).isoformat()}) + "\n")
    sys.stderr.flush()


def read_commands(arguments: list[str]) -> list[list[str]]:
    """Return the command of each process that the arguments ask for."""
    commands: list[list[str]] = []
    while arguments:
        end = arguments.index("--") if "--" in arguments else len(arguments)
        count, *command = arguments[:end]
        commands += [[sys.executable, *command]] * int(count)
        arguments = arguments[end + 1 :]
    return commands


if __name__ == "__main__":
    raise SystemExit(ProcessGroup(read_commands(sys.argv[1:])).run())
