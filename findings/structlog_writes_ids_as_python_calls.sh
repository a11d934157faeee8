#!/usr/bin/env bash
# structlog 26.1.0: the JSON renderer writes a UUID, a Decimal and a datetime as the Python call that makes them.
#
# Seen: a run id is logged as "UUID('12345678-...')", a cost as "Decimal('0.0125')", a time as
# "datetime.datetime(2026, ...)". The line is valid JSON.
# Expected: the text of the value, or an error, since the standard library refuses these types.
# Who meets it: a chat backend logs ids of runs and costs. A search of the logs for "run_id":"12345678-..." finds
# nothing, and a sum of the costs reads no number. Nothing fails, so it is noticed when the logs are needed. Pass
# texts, or give the renderer a default.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check structlog==26.1.0
timeout 30 venv/bin/python - <<'PY'
import json
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from structlog.processors import JSONRenderer

run_id = UUID("12345678-1234-4234-8234-123456789abc")
line = JSONRenderer()(None, "info", {"run_id": run_id, "cost": Decimal("0.0125"), "at": datetime(2026, 5, 4)})
print(line)
assert json.loads(line) == {
    "run_id": "UUID('12345678-1234-4234-8234-123456789abc')",
    "cost": "Decimal('0.0125')",
    "at": "datetime.datetime(2026, 5, 4, 0, 0)",
}
PY
