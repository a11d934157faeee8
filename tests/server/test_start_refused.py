"""A server that cannot serve as it is set up does not start, and says in a sentence what to do."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bench.targets import ROOT, find_free_port
from tests.faults.rig import DATABASE, SERVERS, get_site
from tests.s3_server import KEY_ID, SECRET_KEY, needs_s3, run_s3
from tests.server.databases import change_database

KINDS = ["daphne by hand", "uvicorn by hand", "serve", "serve uvicorn"]
OLDER = "delete from django_migrations where app = 'flows'"


def start(kind: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a server until it ends by itself."""
    port = find_free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    given = {f"MILLRACE_{name}": value for name, value in variables.items()}
    environment = {**inherited, "DJANGO_SETTINGS_MODULE": "config.settings", "MILLRACE_PORT": str(port)}
    command = [sys.executable, *SERVERS[kind].format(port=port, module="config.asgi").split()]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, "MILLRACE_DATA_DIR": str(folder), **given},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(get_site().folder, tmp_path / "data"))


def expect_words(done: subprocess.CompletedProcess[str], *words: str) -> None:
    told = done.stdout + done.stderr
    assert done.returncode not in (0, -9), told
    assert "Traceback" not in told
    for word in words:
        assert word in told, told


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_database_is_told_with_the_command(kind: str, tmp_path: Path) -> None:
    expect_words(start(kind, tmp_path), "The database lacks the migration", "Run: python manage.py migrate")


@pytest.mark.parametrize("kind", KINDS)
def test_a_pending_migration_is_told_with_the_command(kind: str, folder: Path) -> None:
    change_database(folder / DATABASE, OLDER)
    expect_words(start(kind, folder), "The database lacks the migration flows.", "Run: python manage.py migrate")


@pytest.mark.parametrize("kind", ["daphne by hand", "uvicorn by hand", "serve"])
def test_a_missing_encryption_key_is_told(kind: str, folder: Path) -> None:
    (folder / "encryption_keys").unlink()
    expect_words(start(kind, folder), "There is no encryption key in")


@pytest.mark.parametrize("kind", ["daphne by hand", "uvicorn by hand", "serve"])
def test_an_invalid_encryption_key_is_told_and_not_shown(kind: str, folder: Path) -> None:
    done = start(kind, folder, ENCRYPTION_KEYS="not-a-key")
    expect_words(done, "is not a Fernet key")
    assert "not-a-key" not in done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["daphne by hand", "uvicorn by hand", "serve"])
def test_a_data_folder_that_cannot_be_used_is_told(kind: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    expect_words(start(kind, tmp_path / "file" / "data"), "MILLRACE_DATA_DIR is", "Name a folder that this user owns")


@pytest.mark.parametrize("kind", ["daphne by hand", "serve"])
def test_a_file_that_is_no_database_is_told(kind: str, folder: Path) -> None:
    for file in folder.glob(f"{DATABASE}*"):
        file.unlink()
    (folder / DATABASE).write_bytes(b"no database" * 1000)
    expect_words(start(kind, folder), DATABASE, "cannot be used: file is not a database")


INVALID = {
    "PORT": "70000",
    "PROXIES": "one",
    "LOG_LEVEL": "LOUD",
    "PUBLIC_URL": "https://example.com/millrace?a=b",
    "ALLOWED_HOSTS": "https://example.com",
    "TRUSTED_ORIGINS": "example.com",
}


@pytest.mark.parametrize("name", INVALID)
@pytest.mark.parametrize("kind", ["daphne by hand", "serve"])
def test_a_setting_without_sense_is_told(kind: str, name: str, tmp_path: Path) -> None:
    expect_words(start(kind, tmp_path, **{name: INVALID[name]}), "Millrace cannot start.", INVALID[name])


@pytest.mark.parametrize("kind", ["serve", "serve uvicorn"])
def test_a_port_that_is_taken_is_told_with_another_one(kind: str, folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        expect_words(start(kind, folder, PORT=str(port)), f"Port {port} is in use", f"MILLRACE_PORT={port + 1}")


def test_an_address_that_is_not_this_machines_is_told(folder: Path) -> None:
    expect_words(start("serve", folder, BIND="192.0.2.1"), "MILLRACE_BIND is '192.0.2.1'")


@needs_s3
def test_a_bucket_that_is_not_there_is_told(folder: Path) -> None:
    with run_s3() as url:
        keys = {"UPLOADS_KEY_ID": KEY_ID, "UPLOADS_SECRET_KEY": SECRET_KEY, "UPLOADS_REGION": "us-east-1"}
        done = start("serve", folder, UPLOADS_BUCKET="another", UPLOADS_ENDPOINT=url, **keys)
    expect_words(
        done, "Millrace cannot start. The bucket 'another' for uploads cannot be used: there is no such bucket"
    )
    assert SECRET_KEY not in done.stdout + done.stderr
