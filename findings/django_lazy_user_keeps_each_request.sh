#!/usr/bin/env bash
# Django 5.2.19: a request that has passed AuthenticationMiddleware is not freed when it is done with.
#
# Seen: request.user and request.auser hold functions that hold the request, which holds them. Each request stays, with
# its session, headers and body, until the collector of cycles finds it. Without the middleware it is freed at once.
# Expected: that what nobody uses any more is gone when the answer is sent, as everywhere in Python where no cycle was
# tied by hand, and least of all for requests that never ask for their user.
# Who meets it: a chat backend that begins thousands of streams and lets few full collections happen, because one is a
# pause for all streams: its memory grows with the requests. Set a lazy user over a weak proxy of the request instead.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 180 venv/bin/pip install --quiet --no-compile --disable-pip-version-check django==5.2.19
timeout 60 venv/bin/python - <<'PY'
import gc
import weakref

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    SECRET_KEY="of-a-test",
)
django.setup()

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import RequestFactory


def answer(request):
    return HttpResponse("hello")


def count_kept(handler, calls=100):
    """Return how many of the requests are still there when all answers were given."""
    requests = []
    for _ in range(calls):
        request = RequestFactory().get("/")
        handler(request)
        requests.append(weakref.ref(request))
        del request
    return sum(each() is not None for each in requests)


gc.disable()
plain = count_kept(SessionMiddleware(answer))
signed_in = count_kept(SessionMiddleware(AuthenticationMiddleware(answer)))
print(f"of 100 requests, kept with sessions alone:          {plain}")
print(f"of 100 requests, kept with AuthenticationMiddleware: {signed_in}")
assert (plain, signed_in) == (0, 100)
PY
