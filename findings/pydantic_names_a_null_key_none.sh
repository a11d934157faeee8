#!/usr/bin/env bash
# pydantic-core 2.50.4: the key None is written as "None", and json.dumps() writes it as "null".
#
# Seen: to_json({None: 1}) gives {"None":1}, json.dumps({None: 1}) gives {"null": 1}. True and False become "true" and
# "false" in both.
# Expected: the same key from both, because to_json() writes the other constants in the way of JSON.
# Who meets it: a chat backend that counts per group, for example tokens per model with None for "no model". When one
# part writes with the standard library and another part with pydantic, the same group has two names.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check pydantic-core==2.50.4
timeout 30 venv/bin/python - <<'PY'
import json

from pydantic_core import to_json

counts = {None: 1, True: 2}
with_pydantic = json.loads(to_json(counts))
with_standard_library = json.loads(json.dumps(counts))
print("pydantic-core:", with_pydantic)
print("json.dumps:   ", with_standard_library)
assert with_pydantic == {"None": 1, "true": 2}
assert with_standard_library == {"null": 1, "true": 2}
PY
