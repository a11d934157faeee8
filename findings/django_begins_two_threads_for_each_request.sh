#!/usr/bin/env bash
# Django 5.2.19 with asgiref 3.13.0 over ASGI: each request begins two threads, also one of an async view.
#
# Seen: a view that is a coroutine and waits for nothing is called ten times: twenty threads are begun. Django ends every
# answer by a synchronous call, for which asgiref makes a thread of this request, and then another one that waits until
# the first has ended. With an executor of one's own around the application one is begun for all ten.
# Expected: an async view is answered on the event loop; and threads of a pool are used again.
# Who meets it: a chat backend whose short calls are async views. Two threads for each are a part of what a call costs, and
# nothing in the program's own code shows them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 180 venv/bin/pip install --quiet --no-compile --disable-pip-version-check django==5.2.19 asgiref==3.13.0
timeout 60 venv/bin/python - <<'PY'
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import django
from asgiref.sync import ThreadSensitiveContext
from django.conf import settings
from django.http import HttpResponse
from django.urls import path


async def view(request):
    return HttpResponse("answered")


settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="of-a-test", MIDDLEWARE=[])
urlpatterns = [path("", view)]
django.setup()

from django.core.asgi import get_asgi_application

application = get_asgi_application()
begun = []
start = threading.Thread.start


def count(thread):
    begun.append(thread)
    start(thread)


threading.Thread.start = count


async def call():
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": "/", "headers": [(b"host", b"localhost")]}
    given = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive():
        return next(given, None) or await asyncio.Event().wait()

    async def send(message):
        pass

    await application({**scope, "query_string": b"", "server": ("localhost", 80)}, receive, send)


async def call_ten_times(executor=None):
    before = len(begun)
    for _ in range(10):
        if executor is None:
            await call()
        else:
            async with ThreadSensitiveContext(executor=executor):
                await call()
    return len(begun) - before


alone = asyncio.run(call_ten_times())
with ThreadPoolExecutor(1) as executor:
    kept = asyncio.run(call_ten_times(executor))
print("threads begun by ten requests:                   ", alone)
print("threads begun by ten requests with one executor: ", kept)
assert (alone, kept) == (20, 1)
PY
