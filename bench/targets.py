"""Runs the servers under load, under Daphne or uvicorn: each as one process on one core, or as several on all."""

import fcntl
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from bench.protocols.calls import CALLS, Call
from bench.workload import USUAL, Workload

CORE, OTHER_CORE = 0, 1
ROOT = Path(__file__).parents[1]
START_LIMIT_S = 120.0
"""How long a server may take until it listens. One whose bytecodes are counted imports many times slower than usual."""
LOOK_INTERVAL_S = 0.02
PAUSE_S = 0.02
"""Between two chunks of a stream."""
STREAMS = 50
"""How many are read at once of one process."""
FREE_PORTS = range(12_000, 32_000)
"""Ports that the system gives to nobody by itself: not to a server that asks for any port, not to a client's socket."""


@dataclass
class Target:
    """A server under load."""

    name: str
    port: int
    pids: Sequence[int]
    """Its processes that serve."""
    requests: Mapping[Workload, bytes]
    listening_cpu_s: float
    """The processor time that it had used when it began to listen."""
    ready_cpu_s: float
    """The processor time that it had used when it took calls."""
    streams: int = STREAMS
    """How many are read of it at once in a round."""

    def read_cpu_s(self) -> float:
        return sum(self.read_each_cpu_s())

    def read_each_cpu_s(self) -> list[float]:
        return [read_cpu_s(pid) for pid in self.pids]

    def read_memory_mb(self) -> float:
        return sum(read_memory_mb(pid) for pid in self.pids)


def read_memory_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def read_cpu_s(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def find_free_port() -> int:
    """Return a port on which a server may listen a while later, although other tests take ports meanwhile."""
    while True:
        port = secrets.choice(FREE_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def stay_on(core: int) -> Iterator[None]:
    """Let this thread, and the processes that it starts, run on one core until the block is left."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core % (os.cpu_count() or 1)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


@contextmanager
def run_process(
    command: list[str], core: int | None, port: int, root: Path = ROOT, /, **environment: str
) -> Iterator[int]:
    """Run a server on one core, or on all, until the block is left; yield its process id as soon as it listens."""
    cores = range(os.cpu_count() or 1) if core is None else [core % (os.cpu_count() or 1)]
    child = subprocess.Popen(
        command,
        cwd=root,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    try:
        wait_for_port(port, child)
        yield child.pid
    finally:
        child.terminate()
        child.wait(10)


def wait_for_port(port: int, server: subprocess.Popen[bytes] | None = None) -> None:
    """Return when something listens on the port, which the server is about to do."""
    for _ in range(int(START_LIMIT_S / LOOK_INTERVAL_S)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server and server.poll() is not None:
            raise ChildProcessError(f"{server.args!r} has ended with status {server.returncode}")
        time.sleep(LOOK_INTERVAL_S)
    raise TimeoutError(f"nothing listens on port {port} after {START_LIMIT_S:.0f} s")


@contextmanager
def run_upstream(pause_s: float) -> Iterator[str]:
    port = find_free_port()
    with run_process([sys.executable, "-m", "bench.upstream", str(port), str(pause_s)], OTHER_CORE, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def run_relay(
    url: str,
    server: str,
    workloads: Sequence[Workload] = (USUAL,),
    name: str = "bare relay",
    module: str = "bench.relays.bare",
    **environment: str,
) -> Iterator[Target]:
    port = find_free_port()
    requests = {each: build_post("/stream", port, chunks=each.chunks) for each in workloads}
    command = build_command(server, port, f"{module}:application")
    with run_process(command, CORE, port, UPSTREAM=url, **environment) as pid:
        yield build_target(name, port, [pid], requests, "/")


def run_lean_relay(url: str, server: str, workloads: Sequence[Workload] = (USUAL,)) -> AbstractContextManager[Target]:
    return run_relay(url, server, workloads, "lean relay", "bench.relays.lean")


@contextmanager
def run_millrace(
    url: str,
    server: str,
    workloads: Sequence[Workload] = (USUAL,),
    module: str = "config.asgi",
    *,
    keeps_house: bool = True,
    **environment: str,
) -> Iterator[Target]:
    """Run Millrace as one process, with a flow for each workload."""
    with prepare_millrace(url, workloads, keeps_house) as (port, requests, own):
        command = build_command(server, port, f"{module}:application", is_bounded=True)
        with run_process(command, CORE, port, **own, **environment) as pid:
            yield build_target("Millrace", port, [pid], requests, "/readyz")


@contextmanager
def run_processes(url: str, server: str, workloads: Sequence[Workload], count: int) -> Iterator[Target]:
    """Run Millrace as several processes that share a port, on all cores. They do not keep house."""
    with prepare_millrace(url, workloads, keeps_house=False) as (port, requests, environment):
        command = [sys.executable, "manage.py", "serve", "--server", server, "--processes", str(count)]
        with run_process(command, None, port, **environment) as parent:
            target = build_target(f"Millrace, {count} processes", port, list_children(parent), requests, "/readyz")
            yield replace(target, streams=count * STREAMS)


@contextmanager
def run_installation(
    url: str, server: str, workloads: Sequence[Workload], count: int, database: str, redis: str
) -> Iterator[Target]:
    """Run Millrace as so many web processes and as many workers, on all cores. They do not keep house."""
    services = {"MILLRACE_DATABASE_URL": database, "MILLRACE_REDIS_URL": redis, "MILLRACE_RUNS": "workers"}
    with prepare_millrace(url, workloads, keeps_house=False, **services) as (port, requests, environment):
        numbers = ["--processes", str(count), "--workers", str(count)]
        command = [sys.executable, "manage.py", "serve", "--server", server, *numbers]
        with run_process(command, None, port, **environment) as parent:
            target = build_target(f"{count} web, {count} worker", port, list_children(parent), requests, "/readyz")
            wait_for_workers(port, count)
            yield replace(target, streams=count * STREAMS)


@contextmanager
def prepare_millrace(
    url: str, workloads: Sequence[Workload], keeps_house: bool, **services: str
) -> Iterator[tuple[int, dict[Workload, bytes], dict[str, str]]]:
    """Seed a folder that is removed later; yield the port, the requests and the environment of its server.

    With `services`, which are settings, the database of those is seeded.

    When it is not to keep house, this process holds the lock for that, as another server process would.
    """
    port = find_free_port()
    with (
        tempfile.TemporaryDirectory(prefix="millrace-bench-", ignore_cleanup_errors=True) as folder,
        (Path(folder) / "housekeeping.lock").open("w") as lock,
    ):
        if not keeps_house:
            fcntl.flock(lock, fcntl.LOCK_EX)
        environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MILLRACE_DATA_DIR": folder,
            "MILLRACE_PRIVATE_HOSTS": url.removeprefix("http://"),
            "MILLRACE_LOG_LEVEL": "WARNING",
            "MILLRACE_PORT": str(port),
            **services,
        }
        pairs = [f"{each.chunks}:{each.actions}" for each in workloads]
        command = [sys.executable, "-m", "bench.seed", url, *pairs]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True)
        key, *flows = done.stdout.decode().split()[-1 - len(workloads) :]
        calls = [CALLS[each.form](*flow.split("/")) for each, flow in zip(workloads, flows, strict=True)]
        requests = [build_request(call, port, key) for call in calls]
        yield port, dict(zip(workloads, requests, strict=True)), environment


def build_target(name: str, port: int, pids: Sequence[int], requests: Mapping[Workload, bytes], path: str) -> Target:
    """Return the target that listens, as soon as it answers at `path`."""
    listening_cpu_s = sum(map(read_cpu_s, pids))
    wait_until_ready(port, path)
    return Target(name, port, pids, requests, listening_cpu_s, sum(map(read_cpu_s, pids)))


def list_children(pid: int) -> list[int]:
    """Return the processes that this one has begun, and that live."""
    return [int(id) for id in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until_ready(port: int, path: str) -> None:
    """Return when the server answers at `path`, whatever it answers but 503."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    for _ in range(int(START_LIMIT_S / LOOK_INTERVAL_S)):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), START_LIMIT_S) as client:
            client.sendall(request)
            if client.recv(100).split()[1:2] not in ([], [b"503"]):
                return
        time.sleep(LOOK_INTERVAL_S)
    raise TimeoutError(f"the server on port {port} is not ready after {START_LIMIT_S:.0f} s")


def wait_for_workers(port: int, count: int) -> None:
    """Return when so many workers take runs. Of several web processes, one may be ready a moment before the others."""
    address = f"http://127.0.0.1:{port}/readyz"  # our own server
    for _ in range(int(START_LIMIT_S / LOOK_INTERVAL_S)):
        with suppress(HTTPError), urlopen(address, timeout=START_LIMIT_S) as answer:
            if json.load(answer).get("workers") == count:
                return
        time.sleep(LOOK_INTERVAL_S)
    raise TimeoutError(f"{count} workers do not take runs after {START_LIMIT_S:.0f} s")


def build_command(server: str, port: int, application: str, *, is_bounded: bool = False) -> list[str]:
    """Return the command that serves an application, with the bounds of `manage.py serve` or as the server comes."""
    options = {
        "daphne": ["-b", "127.0.0.1", "-p", str(port), "-v", "0", "--no-server-name"],
        "uvicorn": ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error"],
    }
    bounded = {
        "daphne": ["server.daphne_server"],
        "uvicorn": ["uvicorn", "--http", "server.uvicorn_server:BoundedProtocol"],
    }
    program = bounded[server] if is_bounded else [server]
    return [sys.executable, "-m", *program, *options[server], application]


def build_post(path: str, port: int, key: str = "", prompt: str = "go", **more: int) -> bytes:
    """Return a request that starts a stream. Only a relay takes `more`."""
    return build_request(Call(path, {"prompt": prompt, **more}), port, key)


def build_request(call: Call, port: int, key: str = "") -> bytes:
    body = json.dumps(call.body).encode()
    authorization = {"Authorization": f"Bearer {key}"} if key else {}
    headers = {
        "Host": f"127.0.0.1:{port}",
        "Content-Type": "application/json",
        **authorization,
        **call.headers,
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {call.path} HTTP/1.1\r\n{lines}\r\n".encode() + body
