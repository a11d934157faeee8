"""Runs the servers under load, each as one process on one core, under Daphne or uvicorn."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CORE, OTHER_CORE = 0, 1
ROOT = Path(__file__).parents[1]
START_LIMIT_S = 120.0
"""How long a server may take until it listens. One whose bytecodes are counted imports many times slower than usual."""
LOOK_INTERVAL_S = 0.1


@dataclass
class Target:
    name: str
    port: int
    pid: int
    request: bytes

    def read_cpu_s(self) -> float:
        return read_cpu_s(self.pid)

    def read_memory_mb(self) -> float:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def read_cpu_s(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def run_process(command: list[str], core: int, port: int, **environment: str) -> Iterator[int]:
    """Run a server on one core until the block is left; yield its process id as soon as it listens."""
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {core % (os.cpu_count() or 1)}),
    )
    try:
        wait_for_port(port)
        yield child.pid
    finally:
        child.terminate()
        child.wait(10)


def wait_for_port(port: int) -> None:
    for _ in range(int(START_LIMIT_S / LOOK_INTERVAL_S)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(LOOK_INTERVAL_S)
    raise TimeoutError(f"nothing listens on port {port} after {START_LIMIT_S:.0f} s")


@contextmanager
def run_upstream(pause_s: float) -> Iterator[str]:
    port = find_free_port()
    with run_process([sys.executable, "-m", "bench.upstream", str(port), str(pause_s)], OTHER_CORE, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def run_relay(url: str, chunks: int, server: str, application: str = "bench.relay:application") -> Iterator[Target]:
    port = find_free_port()
    command = build_command(server, port, application)
    with run_process(command, CORE, port, UPSTREAM=url, CHUNKS=str(chunks)) as pid:
        yield Target("bare relay", port, pid, build_post("/stream", port))


@contextmanager
def run_millrace(
    url: str, chunks: int, server: str = "daphne", actions: int = 1, application: str = "config.asgi:application"
) -> Iterator[Target]:
    """Run Millrace with a flow in which each message passes `actions` actions."""
    port = find_free_port()
    with tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder:
        environment = {
            "MILLRACE_DATA_DIR": folder,
            "MILLRACE_PRIVATE_HOSTS": url.removeprefix("http://"),
            "MILLRACE_LOG_LEVEL": "WARNING",
            "MILLRACE_PORT": str(port),
        }
        flow, key = seed_database(url, chunks, environment, actions)
        with run_process(build_command(server, port, application), CORE, port, **environment) as pid:
            path = f"/api/v1/flows/{flow}/stream"
            name = "Millrace" if actions == 1 else f"Millrace, {actions} actions a message"
            yield Target(name, port, pid, build_post(path, port, key))


def seed_database(url: str, chunks: int, environment: dict[str, str], actions: int = 1) -> tuple[str, str]:
    """Prepare an empty database; return the flow's id and a key."""
    command = [sys.executable, "-m", "bench.seed", url, str(chunks), str(actions)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True)
    flow, key = done.stdout.decode().split()[-2:]
    return flow, key


def build_command(server: str, port: int, application: str) -> list[str]:
    options = {
        "daphne": ["-b", "127.0.0.1", "-p", str(port), "-v", "0", "--no-server-name"],
        "uvicorn": ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error"],
    }
    return [sys.executable, "-m", server, *options[server], application]


def build_post(path: str, port: int, key: str = "", prompt: str = "go") -> bytes:
    body = json.dumps({"prompt": prompt}).encode()
    authorization = f"Authorization: Bearer {key}\r\n" if key else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"{authorization}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
