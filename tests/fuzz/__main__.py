"""Sends generated requests to a server of its own and judges each answer by the OpenAPI document.

`python -m tests.fuzz [REQUESTS]`. Half of them are an admin's, half an API key's. Exits with 1 for a finding.
"""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx

from bench.targets import ROOT
from tests.faults.rig import Server, get_site, run_servers
from tests.fuzz.workspace import build_session_headers, fill_workspace, narrow_document

REQUESTS = 12_000
"""What is aimed at. Operations without parameters have fewer cases, so that some more than 10,000 are sent."""
TIME_LIMIT_S = 30 * 60
"""How long the requests of one caller may take."""
FIXED_REQUESTS = 1_600
"""About how many requests of a caller do not depend on chance: each limit and type of the document, kept and broken."""
ENDINGS_OF_SESSIONS = ("/api/v1/sign-out", "/api/v1/account/password")


async def main(requests: int) -> int:
    site = get_site()
    callers = {
        "an admin": build_session_headers(site.session),
        "an API key": {"Authorization": f"Bearer {site.key}"},
    }
    failed = 0
    for name, headers in callers.items():
        async with run_servers(1) as (server,):
            sys.stdout.write(f"Requests of {name}\n")
            sys.stdout.flush()
            failed |= await asyncio.to_thread(fuzz, server, headers, requests // len(callers))
    return failed


def fuzz(server: Server, headers: dict[str, str], requests: int) -> int:
    """Return what schemathesis exits with: 0 without findings. Raises TimeoutExpired when it takes too long."""
    site = get_site()
    base, session = f"{server.url}/api/v1/", build_session_headers(site.session)
    with httpx.Client(base_url=base, headers=session) as admin, httpx.Client(base_url=base, headers=headers) as caller:
        ids = fill_workspace(admin, caller, f"http://127.0.0.1:{site.nowhere_port}")
        document = admin.get("openapi.json").json()
    # Of a session that has ended, all further requests would be refused.
    narrowed = narrow_document(document, ids, ENDINGS_OF_SESSIONS if "Cookie" in headers else ())
    file = server.folder / "openapi.json"
    file.write_text(json.dumps(narrowed))
    operations = sum(len(methods) for methods in narrowed["paths"].values())
    examples = max(1, (requests - FIXED_REQUESTS) // operations)
    command = build_command(file, server.url, headers, examples)
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks"}
    return subprocess.run(command, cwd=ROOT, env=environment, timeout=TIME_LIMIT_S, check=False).returncode


def build_command(document: Path, url: str, headers: dict[str, str], examples: int) -> list[str]:
    given = [part for name, value in headers.items() for part in ("--header", f"{name}: {value}")]
    checks = ["--config-file", str(Path(__file__).with_name("checks.toml"))]
    options = ["--url", url, "--max-examples", str(examples), "--continue-on-failure", "--no-color"]
    return [sys.executable, "-m", "schemathesis.cli", *checks, "run", str(document), *options, *given]


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS)))
