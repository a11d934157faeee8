"""Each contract of import-linter fails when an import breaks it: a contract that cannot fail protects nothing."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = [contract["name"] for contract in SETTINGS["contracts"]]
VIOLATIONS = {
    "config, demo, server and docs, flows, collections and chats, connections, workspaces, web": (
        "web/errors.py",
        "workspaces.models",
    ),
    "config, demo, server and docs, flows, what flows are made of, connections, actions": (
        "actions/contract/errors.py",
        "connections.models",
    ),
    "Actions know no framework and no other part": ("actions/chat/history.py", "django.db"),
    "Expressions, graph, events, limits, engine and foreign files are pure: no database, no transport, no vendor": (
        "flows/graph/structure.py",
        "django.db",
    ),
    "A vendor's folder is closed: vendors do not know each other": ("actions/voyage/embedder.py", "actions.openai"),
    "A vendor's folder is closed: no other part knows what is in one": ("connections/services.py", "anthropic"),
    "A protocol's folder is closed: protocols do not know each other": (
        "flows/protocols/ai_sdk/parse.py",
        "flows.protocols.openai_chat",
    ),
    "aiohttp is for tests and measurements alone": ("server/health.py", "aiohttp"),
    "django-allauth is optional: one room knows it": ("workspaces/second_factor.py", "allauth"),
    "The client of S3 is optional: the room of collections alone keeps uploads": ("server/health.py", "boto3"),
    "OpenTelemetry and Prometheus are optional: a room of the server knows each": (
        "flows/totals/run_totals.py",
        "prometheus_client",
    ),
    "Inside flows: from api and protocols down to events, graph and limits": (
        "flows/graph/document.py",
        "flows.engine",
    ),
}
"""By contract: the file in which the violation is planted, and the module that the file then imports."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the report of the linter on a copy of the project in which every contract is broken once."""
    copy = tmp_path_factory.mktemp("layers")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in SETTINGS["root_packages"]:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file, module in VIOLATIONS.values():
        with (copy / file).open("a") as planted:
            planted.write(f"\nimport {module}\n")
    assert list(VIOLATIONS) == CONTRACTS
    environment = {**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "300"}
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True).stdout


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_planted_import_breaks_the_contract(contract: str, report: str) -> None:
    assert f"{contract} BROKEN" in report
