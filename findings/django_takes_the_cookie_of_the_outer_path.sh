#!/usr/bin/env bash
# Django 5.2.19 and tough-cookie 6.0.0, which orders cookies as browsers do (RFC 6265, section 5.4).
#
# Seen: a browser that has two cookies of one name sends that of the longer path first. Django's parser lets a later one
# replace an earlier one, so `request.COOKIES` holds that of the shorter path: for a page below /chat, the cookie of the
# product at the root of the host, and not its own.
# Expected: the nearer cookie wins, as its place in the header says; setting SESSION_COOKIE_PATH and CSRF_COOKIE_PATH is
# then enough to keep two products on one host name apart.
# Who meets it: whoever serves a chat backend below a path of a host name that another Django product has, or moves it
# from the root to a path: nobody stays signed in, and every form is refused, while the cookies look right.
# Give the cookies names of their own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check Django==5.2.19
npm init -y >/dev/null
timeout 120 npm install --silent --no-audit --no-fund tough-cookie@6.0.0
cat >jar.mjs <<'JS'
import { CookieJar } from "tough-cookie";

const jar = new CookieJar();
await jar.setCookie("csrftoken=of-the-root; Path=/", "https://tools.example.com/");
await jar.setCookie("csrftoken=of-the-chat; Path=/chat", "https://tools.example.com/chat/");
console.log(await jar.getCookieString("https://tools.example.com/chat/ask"));
JS
header=$(timeout 30 node jar.mjs)
echo "the header:          $header"
timeout 30 venv/bin/python - "$header" <<'PY'
import sys

from django.http.cookie import parse_cookie

header = sys.argv[1]
found = parse_cookie(header)["csrftoken"]
print(f"request.COOKIES has: {found}")
assert header == "csrftoken=of-the-chat; csrftoken=of-the-root"
assert found == "of-the-root"
PY
