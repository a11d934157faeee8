"""`docs/operations.md` names every setting with the default that `config/settings.py` reads."""

import re

from tests.config.declared_settings import ROOT, read_settings

COMMANDS = {
    *("serve", "worker", "migrate", "createsuperuser", "backup", "restore", "sign_in_link", "copy_to_postgres"),
    "prune_logs",
}
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_the_page_names_every_setting_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `MILLRACE_([A-Z_]+)` \| ([^|]+?) \|", PAGE, re.MULTILINE))
    assert rows == read_settings() | read_settings("observing") | read_settings("uploads")


def test_the_page_of_sign_on_names_its_settings() -> None:
    page = (ROOT / "docs" / "sign-on.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `MILLRACE_([A-Z_]+)` \| ([^|]+?) \|", page, re.MULTILINE))
    assert rows == read_settings("sign_on")


def test_no_setting_is_read_elsewhere() -> None:
    """Every variable that the code names is a setting of the page."""
    known = {f"MILLRACE_{name}" for name in read_settings()}
    rooms = ("actions", "chats", "config", "connections", "demo", "docs_site", "document_collections", "expressions")
    files = [file for room in (*rooms, "flows", "server", "web", "workspaces") for file in (ROOT / room).rglob("*.py")]
    read = {name for file in files for name in re.findall(r"environ[^\n]*?(MILLRACE_[A-Z_]+)", file.read_text("utf-8"))}
    assert read <= known


def test_what_the_page_shows_is_there() -> None:
    for command in re.findall(r"manage\.py (\w+)", PAGE):
        assert command in COMMANDS
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for line in re.findall(r"make ([a-z ]+?)(?:`|\n|$)", PAGE):
        assert set(line.split()) <= targets, line
