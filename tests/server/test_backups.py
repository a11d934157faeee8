"""A backup that is made while runs go on, and a server that goes on from it."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.targets import ROOT
from server.copies.backups import BackupRefused, back_up, restore
from tests.faults.clients import Client, open_session, start_together
from tests.faults.rig import DATABASE, Server, check_integrity, get_site, read_logs, run_rig
from tests.faults.upstream import ScriptedPrompt


def manage(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    environment = {**inherited, "DJANGO_SETTINGS_MODULE": "config.settings", "MILLRACE_DATA_DIR": str(data)}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


async def test_a_backup_under_load_is_whole_and_a_server_goes_on_from_it(tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    async with run_rig("serve") as (server, _):
        early = Client(server, ScriptedPrompt(chunks=5))
        await start_together(early)
        late = [Client(server, ScriptedPrompt(chunks=10_000, pause_s=0.02)) for _ in range(4)]
        hearing = asyncio.create_task(start_together(*late))
        while not all(client.received for client in late):
            await asyncio.sleep(0.01)
        made = await asyncio.to_thread(manage, server.folder, "backup", str(backup))
        assert made.returncode == 0, made.stderr
        assert "encryption keys" in made.stdout
        running = await asyncio.to_thread(manage, server.folder, "restore", str(backup))
        assert "A server runs on" in running.stderr
        async with open_session() as session:
            assert [await client.cancel(session) for client in late] == ["cancelled"] * 4
        await hearing
        server.signal(signal.SIGTERM)
        server.wait()
        (server.folder / DATABASE).write_bytes(b"")  # what a backup is for
        restored = await asyncio.to_thread(manage, server.folder, "restore", str(backup))
        assert restored.returncode == 0, restored.stderr
        assert check_integrity(server.folder) == "ok"
        assert set(early.received) <= set(read_logs(server.folder)[early.run])
        server.start()
        await server.wait_until_ready()
        again = Client(server, ScriptedPrompt(chunks=5))  # its connection's key is decrypted with the restored keys
        await start_together(again)
        assert again.last["type"] == "run.completed"
        await _expect_ends(server, late)


async def _expect_ends(server: Server, clients: list[Client]) -> None:
    """Runs that went on during the backup are told as interrupted, and not as they ended later."""
    async with open_session() as session:
        for client in clients:
            url = f"{server.url}/api/v1/runs/{client.run}"
            async with session.get(url, headers=client.headers) as answer:
                assert (await answer.json())["status"] == "interrupted"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(get_site().folder, tmp_path / "data"))


def test_a_backup_is_for_this_user_alone(data: Path, tmp_path: Path) -> None:
    (data / "uploads" / "one").mkdir(parents=True)
    (data / "uploads" / "one" / "file.txt").write_text("waits")
    backup = tmp_path / "deep" / "backup"
    back_up(data, backup)
    found = {str(file.relative_to(backup)): file for file in backup.rglob("*")}
    assert {DATABASE, "encryption_keys", "secret_key", "uploads/one/file.txt"} <= set(found)
    assert backup.stat().st_mode & 0o077 == 0
    assert all(found[name].stat().st_mode & 0o077 == 0 for name in (DATABASE, "encryption_keys", "secret_key"))


def test_a_backup_overwrites_nothing(data: Path, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    with pytest.raises(BackupRefused, match="exists already"):
        back_up(data, tmp_path / "backup")


def test_what_is_no_backup_is_not_restored(data: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BackupRefused, match="is no backup"):
        restore(tmp_path / "empty", data)
    (tmp_path / "empty" / DATABASE).write_bytes(b"damaged" * 1000)
    with pytest.raises(BackupRefused, match="is damaged"):
        restore(tmp_path / "empty", data)
    assert check_integrity(data) == "ok"


def test_a_folder_that_cannot_be_written_is_told_in_words(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "backup")
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupRefused, match=r"cannot be copied to .*Nothing was changed.*make folders in"):
        restore(tmp_path / "backup", tmp_path / "file" / "data")


def test_the_folder_that_was_replaced_is_kept(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "backup")
    (data / "mark").write_text("old")
    kept = restore(tmp_path / "backup", data)
    assert kept
    assert (kept / "mark").read_text() == "old"
    assert not (data / "mark").exists()
    assert restore(tmp_path / "backup", data) != kept
