#!/usr/bin/env bash
# django-allauth 65.22.1: OpenID Connect allows a `sub` of 255 characters, and allauth signs nobody in with one of 192.
#
# Seen: `sociallogin_from_response` of the OpenID Connect provider takes a `sub` of 191 ASCII characters, and raises
# ImproperlyConfigured for one of 192, as if the site were set up wrongly. SOCIALACCOUNT_UID_MAX_LENGTH, which the error
# names, is the length of a column, so that a larger one needs a migration of allauth's own table.
# Expected: that every `sub` which the standard allows signs in (OpenID Connect Core 1.0, section 2: at most 255 ASCII
# characters), or that the sign-in is refused by the class of error for a provider's answer.
# Who meets it: a chat backend behind a provider that makes the ids of its people of several parts. They see a fault of
# the server after a sign-in that succeeded.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check django==5.2.19 'django-allauth[socialaccount]==65.22.1'
cat >check.py <<'PY'
import django
from django.conf import settings

settings.configure(
    SECRET_KEY="of-this-check-alone",
    USE_TZ=True,
    SITE_ID=1,
    ROOT_URLCONF="urls",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
        "allauth.socialaccount",
        "allauth.socialaccount.providers.openid_connect",
    ],
)
django.setup()

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import RequestFactory

call_command("migrate", verbosity=0)
app = SocialApp(provider="openid_connect", provider_id="staff", name="Staff", client_id="chat", settings={})
request = RequestFactory().get("/")
request.session = {}
provider = OpenIDConnectProvider(request, app=app)

ends = {}
for length in (191, 192, 255):
    try:
        login = provider.sociallogin_from_response(request, {"sub": "a" * length})
        ends[length] = f"signs in, uid of {len(login.account.uid)}"
    except ImproperlyConfigured as error:
        ends[length] = f"ImproperlyConfigured: {error}"
    print(length, ends[length])
assert ends[191] == "signs in, uid of 191", ends
assert all(ends[length].startswith("ImproperlyConfigured") for length in (192, 255)), ends
PY
touch urls.py
venv/bin/python check.py
