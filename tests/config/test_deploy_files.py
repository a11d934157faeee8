"""The files of `deploy/` agree with the settings, each other and the page, and systemd finds no fault in the units.

`tests/proxies/test_proxies.py` runs nginx and Caddy with theirs.
"""

import fnmatch
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from tests.config.declared_settings import ROOT, read_settings

DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
WRAPPER = (DEPLOY / "millrace").read_text("utf-8")
NOT_FOR_PEOPLE = {"Dockerfile.dockerignore"}
"""What Docker reads by itself."""
MAX_EXPOSURE = 20
"""Of systemd's figure for how much a unit leaves open, times ten: 17 today, and 92 for a unit with no limits."""

UNITS = ("millrace.service", "millrace-worker@.service")
OF_EACH_UNIT = {"Description", "ExecStart"}
"""What is not the same in both units."""

ANALYZE = shutil.which("systemd-analyze") or ""
needs_systemd = pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not installed")


def read_unit(name: str = "millrace.service") -> dict[str, str]:
    lines = (DEPLOY / name).read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]\w+=", line))


def read_env() -> dict[str, str]:
    lines = (DEPLOY / "millrace.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def read_compose() -> dict[str, Any]:
    found = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def list_instructions(name: str) -> list[str]:
    """Return the arguments of each such instruction of the Dockerfile."""
    return re.findall(rf"^(?:HEALTHCHECK .*? )?{name} (.+)$", DOCKERFILE, re.MULTILINE)


def analyze(arguments: list[str], name: str, folder: Path) -> tuple[int, str]:
    """Let systemd judge a unit, which is told that the project lies here. Return the status and what it says."""
    unit = folder / name
    unit.write_text((DEPLOY / name).read_text("utf-8").replace("/opt/millrace", str(ROOT)))
    done = subprocess.run([ANALYZE, *arguments, str(unit)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@needs_systemd
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_no_fault_in_the_unit(name: str, tmp_path: Path) -> None:
    status, said = analyze(["verify", "--man=no"], name, tmp_path)
    assert (status, said) == (0, "")


@needs_systemd
@pytest.mark.parametrize("name", UNITS)
def test_the_unit_leaves_little_open(name: str, tmp_path: Path) -> None:
    status, said = analyze(["security", "--offline=true", f"--threshold={MAX_EXPOSURE}"], name, tmp_path)
    assert status == 0, said


def test_the_units_differ_by_their_commands_alone() -> None:
    server, worker = map(read_unit, UNITS)
    assert {name for name in server.keys() | worker.keys() if server.get(name) != worker.get(name)} == OF_EACH_UNIT
    assert worker["ExecStart"] == server["ExecStart"].removesuffix("serve") + "worker"
    assert "worker" in get_commands()


def test_unit_command_and_settings_agree() -> None:
    unit, env = read_unit(), read_env()
    folder = unit["WorkingDirectory"]
    assert unit["ExecStart"] == f"{folder}/.venv/bin/python manage.py serve"
    assert f"cd {folder} &&" in WRAPPER
    assert f". {unit['EnvironmentFile']};" in WRAPPER
    assert f"--reuid={unit['User']} --regid={unit['User']}" in WRAPPER
    assert Path(env["MILLRACE_DATA_DIR"]).parent == Path("/var/lib") / unit["StateDirectory"]
    assert {name.removeprefix("MILLRACE_") for name in env} <= read_settings().keys()
    assert f"install -m 600 deploy/millrace.env {unit['EnvironmentFile']}" in PAGE


def test_services_are_stopped_after_their_runs_had_time() -> None:
    drain_s = int(read_settings()["DRAIN_S"].strip("`"))
    assert int(read_unit()["TimeoutStopSec"]) > drain_s
    services = read_compose()["services"]
    assert all(int(services[name]["stop_grace_period"].removesuffix("s")) > drain_s for name in ("millrace", "worker"))


@pytest.mark.parametrize(
    ("name", "limit"), [("nginx.conf", r"client_max_body_size (\d+)m;"), ("Caddyfile", r"max_size (\d+)MiB")]
)
def test_the_proxies_take_every_body_that_the_server_takes(name: str, limit: str) -> None:
    found = re.search(limit, (DEPLOY / name).read_text("utf-8"))
    assert found
    assert int(found[1]) * 1024 * 1024 > max(settings.MILLRACE_LARGE_BODIES.values())


def test_all_that_the_image_is_made_of_is_there() -> None:
    sources = [each.split()[:-1] for each in list_instructions("COPY") if not each.startswith("--from=")]
    assert all((ROOT / source).exists() for each in sources for source in each)
    rules = re.findall(r"^([.\w -]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    made = re.findall(r"^RUN make (.+)", DOCKERFILE, re.MULTILINE)
    assert set(" ".join(made).split()) <= set(" ".join(rules).split())


def test_the_image_has_the_project_and_no_secrets() -> None:
    patterns = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()

    def is_ignored(path: str) -> bool:
        return any(fnmatch.fnmatch(path, pattern.removeprefix("**/")) for pattern in patterns)

    linted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["root_packages"]
    needed = [*linted, "manage.py", "frontend", "docs", "Makefile", "pyproject.toml", "uv.lock"]
    assert [path for path in needed if is_ignored(path)] == []
    kept_out = ("data", ".git", ".venv", "millrace.env", ".env", "data.before-restore-1", "monday.dump", "monday.data")
    assert [path for path in kept_out if not is_ignored(path)] == []


def test_the_image_serves_where_it_says() -> None:
    env = dict(pair.split("=") for line in list_instructions("ENV") for pair in line.split() if pair.startswith("MILL"))
    assert {name.removeprefix("MILLRACE_") for name in env} <= read_settings().keys()
    assert list_instructions("EXPOSE") == [env["MILLRACE_PORT"]]
    entry, command, check = (
        json.loads(found) for found in (*list_instructions("ENTRYPOINT"), *reversed(list_instructions("CMD")))
    )
    assert entry == [".venv/bin/python", "manage.py"]
    assert command[0] in get_commands()
    assert f":{env['MILLRACE_PORT']}/readyz" in check[-1]
    compile(check[-1], "HEALTHCHECK", "exec")
    assert Path(env["MILLRACE_DATA_DIR"]).parent in map(Path, json.loads(list_instructions("VOLUME")[0]))


def test_the_compose_file_agrees_with_the_image_and_the_page() -> None:
    compose = read_compose()
    services, shared = compose["services"], compose["x-millrace"]
    assert {name for name, each in services.items() if "build" in each} == {"migrate"}
    assert shared["pull_policy"] == "never"
    built = services["migrate"]["build"]
    assert (DEPLOY / built["context"] / built["dockerfile"]).is_file()
    assert shared["env_file"] == read_unit()["EnvironmentFile"]
    assert f"--env-file {shared['env_file']} --file deploy/compose.yaml" in PAGE
    mounted = dict(volume.split(":") for volume in shared["volumes"])
    assert list(mounted.values()) == json.loads(list_instructions("VOLUME")[0])
    named = {volume.split(":")[0] for each in services.values() for volume in each.get("volumes", ())}
    assert named == set(compose["volumes"])
    assert services["millrace"]["ports"] == [f"127.0.0.1:8000:{shared['environment']['MILLRACE_PORT']}"]
    assert services["migrate"]["command"][0] in get_commands()
    assert {name for each in services.values() for name in each.get("depends_on", {})} <= services.keys()
    assert {name for each in services.values() for name in each.get("profiles", ())} == {"postgres", "workers"}
    database = services["postgres"]["environment"]
    assert f"postgresql://{database['POSTGRES_USER']}:password@postgres:5432/{database['POSTGRES_DB']}" in PAGE


def test_the_compose_file_has_workers_and_what_they_need() -> None:
    """Each of them only where the settings ask for it, as the page says."""
    services = read_compose()["services"]
    server, worker = services["millrace"], services["worker"]
    assert "profiles" not in server
    assert {name for name in server.keys() | worker.keys() if server.get(name) != worker.get(name)} == {
        *("command", "healthcheck", "ports", "profiles"),
    }
    assert worker["command"][0] in get_commands()
    assert worker["profiles"] == services["redis"]["profiles"]
    assert "COMPOSE_PROFILES=postgres,workers" in PAGE
    assert "MILLRACE_REDIS_URL=redis://redis:6379/0\nMILLRACE_RUNS=workers\n" in PAGE
    assert "ports" not in services["redis"]


def test_the_image_has_every_extra_that_a_setting_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(re.findall(r"--extra (\w+)", DOCKERFILE)) == project["optional-dependencies"].keys()
    assert set(re.findall(r"\.stamp-(\w+)", DOCKERFILE)) == project["optional-dependencies"].keys()


def test_the_page_names_each_file_and_only_commands_that_exist() -> None:
    names = {file.name for file in DEPLOY.iterdir()}
    assert names - set(re.findall(r"deploy/([\w.@-]+)", PAGE)) == NOT_FOR_PEOPLE
    assert set(re.findall(r"deploy/([\w.@-]+)", PAGE)) <= names
    commands = re.findall(r"^millrace (\w+)|manage\.py (\w+)", PAGE, re.MULTILINE)
    assert {first or second for first, second in commands} <= get_commands().keys()
