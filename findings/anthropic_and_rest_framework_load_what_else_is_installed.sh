#!/usr/bin/env bash
# anthropic 2.12.0 and Django REST framework 3.18.3 load packages that nobody asked for, where these are installed.
#
# Seen: beside aiohttp 3.14.5, `import anthropic` loads it, though no client over aiohttp is made; beside requests 2.34.2
# and psycopg 3.3.4, `from rest_framework import serializers` loads both, though the database is SQLite and nothing calls
# anybody. A process that only imports the two takes a quarter more memory: 115 MB, and 91 where nothing else is installed.
# Expected: an optional package is loaded by the part that uses it, so that installing it changes nothing for the others.
# Who meets it: whoever serves a chat backend out of an environment that also has the tests' packages, or other services'.
# Each process of the server is larger, and a measurement there is not one of the server alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >load.py <<'PY'
import sys

from django.conf import settings

settings.configure()
import anthropic  # noqa: F401
from rest_framework import serializers  # noqa: F401

loaded = [name for name in ("aiohttp", "requests", "psycopg") if name in sys.modules]
lines = open("/proc/self/status").read().splitlines()
resident = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
print(resident, *loaded)
PY
python3 -m venv venv
install() { timeout 240 venv/bin/pip install --quiet --disable-pip-version-check "$@"; }
install anthropic==2.12.0 django==5.2.19 djangorestframework==3.18.3
venv/bin/python load.py >/dev/null # compiles
alone=$(venv/bin/python load.py)
install aiohttp==3.14.5 requests==2.34.2 'psycopg[binary]==3.3.4'
venv/bin/python load.py >/dev/null
beside=$(venv/bin/python load.py)
echo "alone:  $alone"
echo "beside: $beside"
[ "${alone#* }" = "$alone" ]
[ "${beside#* }" = "aiohttp requests psycopg" ]
[ "${beside%% *}" -gt $((${alone%% *} * 11 / 10)) ]
