#!/usr/bin/env bash
# cel-expr-python 0.1.3: a CEL map of two entries becomes a Python dict of one, and other maps become JSON with one
# key twice.
#
# Seen: {1: "a", true: "b"} has size 2 in CEL and 1 in Python, because 1 == True there. {1: "a", "1": "b"} arrives
# whole, but json.dumps() writes {"1": "a", "1": "b"}, of which a reader keeps the last entry.
# Expected: a dict with as many entries as the map, and JSON with as many keys as the dict.
# Who meets it: a chat backend whose flows build a map by an expression and send it to the client as JSON. An entry is
# missing, and nobody reports it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check cel-expr-python==0.1.3
timeout 30 venv/bin/python - <<'PY'
import json

from cel_expr_python import cel

environment = cel.NewEnv()
mixed = environment.compile("{1: 'a', true: 'b'}").eval(data={}).value()
size = environment.compile("size({1: 'a', true: 'b'})").eval(data={}).value()
print("entries in CEL:", size, " entries in Python:", len(dict(mixed)))
assert (size, len(dict(mixed))) == (2, 1)

pairs = environment.compile("{1: 'a', '1': 'b'}").eval(data={}).value()
text = json.dumps({key: value.value() for key, value in dict(pairs).items()})
print("entries in Python:", len(dict(pairs)), " JSON:", text, " read again:", json.loads(text))
assert len(dict(pairs)) == 2
assert len(json.loads(text)) == 1
PY
