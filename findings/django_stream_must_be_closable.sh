#!/usr/bin/env bash
# Django 5.2.19 over ASGI: an async iterator that is no generator is sent whole, and then the answer fails.
#
# Seen: a subclass of StreamingHttpResponse that returns its own async iterator from __aiter__ is answered piece by
# piece; then Django calls aclose() on it, which async iterators need not have, and AttributeError comes instead of the
# end of the body. Where the answer has told its length the client has all of it, and sees a good answer.
# Expected: an async iterator (PEP 492) has __anext__ and nothing more; what can be iterated can be streamed.
# Who meets it: a chat backend streams a file or a log by an iterator of its own. All tests of the text pass; some servers
# then close the connection, and the client's next call on it fails now and then, under load.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 180 venv/bin/pip install --quiet --no-compile --disable-pip-version-check django==5.2.19
timeout 60 venv/bin/python - <<'PY'
import asyncio

import django
from django.conf import settings
from django.http import StreamingHttpResponse
from django.urls import path


class Pieces:
    """An async iterator as PEP 492 has it."""

    def __init__(self):
        self.left = [b"one ", b"two"]

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop(0)


class Streamed(StreamingHttpResponse):
    """Sends the pieces as they are, without the generators that Django puts around them."""

    def __init__(self):
        super().__init__(Pieces(), headers={"Content-Length": "7"})
        self.pieces = Pieces()

    def __aiter__(self):
        return self.pieces


async def view(request):
    return Streamed()


settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="of-a-test", MIDDLEWARE=[])
urlpatterns = [path("", view)]
django.setup()

from django.core.asgi import get_asgi_application

sent = []


async def call():
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": "/", "headers": [(b"host", b"localhost")]}
    given = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive():
        return next(given, None) or await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    await get_asgi_application()({**scope, "query_string": b"", "server": ("localhost", 80)}, receive, send)


try:
    asyncio.run(call())
    raised = "nothing"
except AttributeError as error:
    raised = str(error)
body = b"".join(message.get("body", b"") for message in sent[1:])
print("sent:  ", body, "of Content-Length 7")
print("ended: ", sent[-1].get("more_body", False) is False)
print("raised:", raised)
assert body == b"one two"
assert sent[-1].get("more_body") is True
assert "aclose" in raised
PY
