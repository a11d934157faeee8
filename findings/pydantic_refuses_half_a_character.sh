#!/usr/bin/env bash
# pydantic-core 2.50.4: from_json() refuses a text that was cut between the two halves of one character; json.loads()
# takes it.
#
# Seen: json.loads() reads the escape of one half alone as a text of one character. from_json() calls the same bytes
# invalid JSON, and to_json() cannot write the text that json.loads() returned.
# Expected: both readers of one process agree about which JSON is valid, since the escape has the form that the JSON
# grammar allows.
# Who meets it: JavaScript counts a character such as a treble clef as two units. A browser client that shortens a
# title with slice() sends one half. A view that reads with json.loads() accepts the title, and each later step that
# uses pydantic fails.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check pydantic-core==2.50.4
timeout 30 venv/bin/python - <<'PY'
import json

from pydantic_core import from_json, to_json

body = json.dumps("\N{MUSICAL SYMBOL G CLEF}").encode()[:7] + b'"'  # what JSON.stringify(title.slice(0, 1)) writes
print("body:", body.decode())
title = json.loads(body)
print("json.loads:", ascii(title))
assert len(title) == 1
for name, call in {"from_json": lambda: from_json(body), "to_json": lambda: to_json(title)}.items():
    try:
        call()
    except ValueError as error:
        print(f"{name}: {error}")
    else:
        raise AssertionError(f"{name} takes half a character now")
PY
