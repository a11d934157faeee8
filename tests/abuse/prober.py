"""Asks a server again and again, in a process of its own, and prints how long it was stalled and how much it grew.

`python -m tests.abuse.prober PORT PID PATH` prints the idle server's longest stall, observes until a line comes in, and
prints the result as JSON.
"""

import http.client
import json
import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

IDLE_ANSWERS = 50
PAUSE_S = 0.005
ANSWER_LIMIT_S = 90
RESET_PEAK = "5"
"""What resets a process's peak of memory when it is written to `clear_refs` (`man 5 proc`)."""


def observe(port: int, pid: int, path: str) -> None:
    ask = build_ask(port, path)
    ask()  # the first request of a process imports and connects
    write_line(max(measure_stall_ms(pid, ask) for _ in pause_between(IDLE_ANSWERS)))
    before, peaks = start_memory(pid)
    stall_ms, answers = 0.0, 0
    while not select.select([sys.stdin], [], [], PAUSE_S)[0]:
        stall_ms, answers = max(stall_ms, measure_stall_ms(pid, ask)), answers + 1
        peaks.update(read_memory(pid, "VmHWM"))
    stall_ms, answers = max(stall_ms, measure_stall_ms(pid, ask)), answers + 1
    peaks.update(read_memory(pid, "VmHWM"))
    write_line(json.dumps({"stall_ms": stall_ms, "answers": answers, "growth_mb": sum(peaks.values()) - before}))


def build_ask(port: int, path: str) -> Callable[[], None]:
    """Return what asks once, on one connection, which it opens anew when the server has closed it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_LIMIT_S)

    def ask() -> None:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            connection.close()
            connection.request("GET", path)
            answer = connection.getresponse()
        assert answer.status == 200, answer.status
        answer.read()

    return ask


def pause_between(times: int) -> Iterator[None]:
    for _ in range(times):
        time.sleep(PAUSE_S)
        yield


def measure_stall_ms(pid: int, ask: Callable[[], None]) -> float:
    """Return how long an answer took, without the time for which other programs had the processors.

    That is the time for which the server's threads and this process were ready to run and waited for a processor, and
    what a virtual machine was not given. Where several waited at once, too much is taken off, never too little: on a
    busy machine a thread that holds the GIL may go unnoticed.
    """
    waits, began = read_waits_ns(pid), time.monotonic_ns()
    ask()
    took, later = time.monotonic_ns() - began, read_waits_ns(pid)
    waited = sum(wait - waits.get(task, 0) for task, wait in later.items())
    return max(0.0, (took - waited) / 1e6)


def read_waits_ns(pid: int) -> dict[str, int]:
    """Return the time for which each task has waited for a processor (`schedstat`, the second number)."""
    waits = {"stolen": read_stolen_ns()}
    for process in (pid, os.getpid()):
        for task in Path(f"/proc/{process}/task").iterdir():
            try:
                waits[task.name] = int((task / "schedstat").read_text().split()[1])
            except (FileNotFoundError, ProcessLookupError):  # a thread that has ended
                continue
    return waits


def read_stolen_ns() -> int:
    """Return the time for which the machine wanted a processor and did not get it from its host."""
    ticks = int(Path("/proc/stat").read_text().split(None, 9)[8])
    return ticks * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def start_memory(pid: int) -> tuple[float, dict[int, float]]:
    """Let the peaks of memory begin anew; return the memory now, and the peak of each process."""
    for process in list_family(pid):
        Path(f"/proc/{process}/clear_refs").write_text(RESET_PEAK)
    return sum(read_memory(pid, "VmRSS").values()), read_memory(pid, "VmHWM")


def read_memory(pid: int, field: str) -> dict[int, float]:
    """Return a field of memory of the process and each of its descendants, in MB."""
    memory = {}
    for process in list_family(pid):
        try:
            status = Path(f"/proc/{process}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if f"{field}:" in status:  # a process that has ended, and is not yet forgotten, has none
            memory[process] = int(status.partition(f"{field}:")[2].split()[0]) / 1024
    return memory


def list_family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = [file.read_text().split() for file in Path(f"/proc/{pid}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in {int(child) for some in children for child in some}:
        yield from list_family(child)


def write_line(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        observe(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    except OSError as error:
        sys.exit(f"the server no longer answers: {error}")
