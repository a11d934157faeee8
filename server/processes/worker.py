"""A worker: a process that takes no calls and executes the runs that web processes have stored.

`manage.py worker` checks what it needs and starts it.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable

import django
from django.core.exceptions import ImproperlyConfigured

logger = logging.getLogger(__name__)


def main() -> int:
    """Work until SIGTERM or SIGINT; return the status with which the process ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise SystemExit(f"Millrace cannot start. {error}") from None
    with asyncio.Runner(loop_factory=_get_loop_factory()) as runner:
        return runner.run(_work())


async def _work() -> int:
    from actions.contract.catalogue import get_catalogue  # now that Django is ready
    from flows.runs.admission import admission
    from flows.runs.execution.here import RunsHere
    from flows.runs.execution.queue_worker import QueueWorker
    from flows.runs.execution.runner import set_runner
    from server.processes.process_work import ProcessWork, tell_failure

    ended = _hear_signals()
    set_runner(RunsHere())
    work, queue_worker = ProcessWork(takes_calls=False), QueueWorker()
    beginning = asyncio.create_task(work.begin(lambda: None, get_catalogue), name="start")
    await asyncio.wait([beginning])
    if beginning.exception():
        tell_failure(beginning)
        return 1
    admission.on_close(queue_worker.stop)
    work.keep(queue_worker.work(), "queue")
    logger.info("working")
    await ended.wait()
    return 0


def _get_loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes uvloop's event loop, which reads models' answers faster; None where it is not installed."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _hear_signals() -> asyncio.Event:
    """Return what is set by a signal to end. A drain takes the signals over, and passes the last one on."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(ended.set))
    return ended


if __name__ == "__main__":
    raise SystemExit(main())
