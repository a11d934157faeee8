"""What a server has done by the time it takes calls."""

import os
import subprocess
import sys
from pathlib import Path

CALLED = """
import asyncio, sys
from asgiref.testing import ApplicationCommunicator
from django.core.management import call_command
from config.asgi import application

async def main():
    server = ApplicationCommunicator(application, {"type": "lifespan"})
    await server.send_input({"type": "lifespan.startup"})
    assert (await server.receive_output(30))["type"] == "lifespan.startup.complete"
    while await get_status("/readyz") != 200:
        await asyncio.sleep(0.05)
    before = set(sys.modules)
    print(await get_status("/healthz"), *sorted(set(sys.modules) - before))

async def get_status(path):
    call = {"type": "http", "method": "GET", "path": path, "query_string": b""}
    client = ApplicationCommunicator(application, {**call, "headers": [(b"host", b"localhost")]})
    await client.send_input({"type": "http.request", "body": b"", "more_body": False})
    return (await client.receive_output(30))["status"]

call_command("migrate", verbosity=0)
asyncio.run(main())
"""


def test_the_first_call_imports_no_views(tmp_path: Path) -> None:
    """What is imported after the heap was frozen is looked through by every full collection, under every stream."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "MILLRACE_DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", CALLED], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    status, *imported = done.stdout.split()
    assert (status, [name for name in imported if "views" in name or "rest_framework" in name]) == ("200", []), imported
