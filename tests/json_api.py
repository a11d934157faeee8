"""Calls the REST API with JSON bodies, and reads its refusals."""

import json
from typing import Any

from django.test import Client


def send_json(client: Client, method: str, path: str, body: Any) -> Any:
    return client.generic(method, path, json.dumps(body), content_type="application/json")


def read_refusal(response: Any) -> tuple[int, str, str | None]:
    """Return the status, the error's code and the field at fault."""
    error = response.json()["error"]
    return response.status_code, error["code"], error.get("field")
