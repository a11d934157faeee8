"""A server on this machine that speaks S3, for tests of uploads."""

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from bench.targets import find_free_port

BUCKET = "millrace-uploads"
KEY_ID, SECRET_KEY = "key-of-the-tests", "hush-hush-hush"
START_S = 60

is_installed = all(importlib.util.find_spec(name) for name in ("boto3", "flask_cors", "moto", "storages"))
needs_s3 = pytest.mark.skipif(not is_installed, reason="moto, or the extra s3, is not installed")


@contextmanager
def run_s3(*, granted: int | None = None) -> Iterator[str]:
    """Run a server in a process of its own, with one bucket; yield its address.

    After `granted` calls, of which the first makes the bucket, it refuses all others: it has been given no key.
    """
    port = find_free_port()
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    environment = os.environ | ({"INITIAL_NO_AUTH_ACTION_COUNT": str(granted)} if granted else {})
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url)
        open_client(url).create_bucket(Bucket=BUCKET)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with suppress(URLError), urlopen(f"{url}/moto-api/", timeout=5):  # noqa: S310  # an address of this machine
            return
        time.sleep(0.05)
    raise AssertionError("the server of S3 does not answer")


def open_client(url: str) -> Any:
    """Return a client of the tests' own, which does not go through Millrace."""
    import boto3

    keys = {"aws_access_key_id": KEY_ID, "aws_secret_access_key": SECRET_KEY}
    return boto3.client("s3", endpoint_url=url, region_name="us-east-1", **keys)
