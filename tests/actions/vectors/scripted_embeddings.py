"""Scripted answers of an embeddings API."""

import json
from collections.abc import Sequence
from typing import Any

from tests.actions.anthropic.upstream import END, Step, chunk, head

KEY = "sk-test-canary-0123456789"


def script_rows(*vectors: Sequence[float], order: Sequence[int] | None = None) -> list[Step]:
    data = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)]
    listed = [data[at] for at in order] if order else data
    return script_answer({"object": "list", "data": listed})


def script_answer(body: Any, status: int = 200, **headers: str) -> list[Step]:
    return [head(status, "application/json", **headers), chunk(json.dumps(body).encode()), END]
