#!/usr/bin/env bash
# Django 5.2.19: isinstance(value, AnyClass) on request.user reads the session, and then the user, from the database.
#
# Seen: request.user is a lazy object that stands in for the user. isinstance asks it for its class, and it fetches the
# user to answer, whatever class it is compared with. On an event loop that raises SynchronousOnlyOperation. type(value)
# does not wake it.
# Expected: that comparing with a class which has nothing to do with users touches no database.
# Who meets it: a chat backend with ASGI views looks for what it still holds after a stream, with isinstance over
# gc.get_objects() or over the values of a context. Requests of others are among them, and the search fails or queries.
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

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
)
django.setup()

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import RequestAborted, SynchronousOnlyOperation
from django.http import HttpRequest, HttpResponse


def build_request():
    request = HttpRequest()
    request.session = SessionStore("a" * 32)
    AuthenticationMiddleware(lambda _: HttpResponse()).process_request(request)
    return request


async def compare(ask):
    user = build_request().user
    try:
        return ask(user)
    except SynchronousOnlyOperation as error:
        return type(error).__name__


by_isinstance = asyncio.run(compare(lambda user: isinstance(user, RequestAborted)))
by_type = asyncio.run(compare(lambda user: type(user) is RequestAborted))
print("isinstance(request.user, RequestAborted):", by_isinstance)
print("type(request.user) is RequestAborted:    ", by_type)
assert (by_isinstance, by_type) == ("SynchronousOnlyOperation", False)
PY
