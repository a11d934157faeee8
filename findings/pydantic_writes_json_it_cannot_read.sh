#!/usr/bin/env bash
# pydantic 2.14.3 with pydantic-core 2.50.4: JSON that is nested 202 to 255 levels deep is written, but not read back.
#
# Seen: to_json() writes 255 levels, and from_json() refuses more than 201 levels with "recursion limit exceeded". A
# model has the same gap between model_dump_json() and model_validate_json().
# Expected: one limit for both directions, so that each text that a model wrote is also a text that it reads.
# Who meets it: a chat backend stores values of users as JSON, for example results of tools. The value is saved
# without an error, and the error comes later, when the stored value is loaded.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check pydantic==2.14.3 pydantic-core==2.50.4
timeout 30 venv/bin/python - <<'PY'
from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import from_json, to_json


class ToolResult(BaseModel):
    value: JsonValue


def nest(levels: int) -> list:
    value: list = []
    for _ in range(levels - 1):
        value = [value]
    return value


def can_read(text: bytes) -> bool:
    try:
        from_json(text)
    except ValueError as error:
        print("  read:", error)
        return False
    return True


readable = {levels: can_read(to_json(nest(levels))) for levels in (201, 202, 255)}
print("written, and readable again:", readable)
assert readable == {201: True, 202: False, 255: False}

stored = ToolResult(value=nest(220)).model_dump_json()
try:
    ToolResult.model_validate_json(stored)
except ValidationError as error:
    print("the model refuses its own text:", error.errors()[0]["msg"])
else:
    raise AssertionError("the model reads its own text now")
PY
