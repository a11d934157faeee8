"""`docs/operations.md` names every setting with the default that `config/settings.py` reads."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
COMPUTED = {
    "PUBLIC_URL": "`http://127.0.0.1:PORT`",
    "DATA_DIR": "`data` in the project's folder",
    "ENCRYPTION_KEYS": "the file `encryption_keys` of the data folder",
    "SECRET_KEY": "the file `secret_key` of the data folder",
    "SIMULATOR_URL": "`/simulator` of this server in a demo",
}
"""The defaults that depend on other settings or on files, in the words of the page."""


def read_settings() -> dict[str, str]:
    """Return the settings by name, each with its default as the page should write it."""
    tree = ast.parse((ROOT / "config" / "settings.py").read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    found = {}
    for call in calls:
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr == "read_public_url":
            found["PUBLIC_URL"] = COMPUTED["PUBLIC_URL"]
        elif call.func.attr.startswith("read_"):
            found |= describe_call(call)
    return found


def describe_call(call: ast.Call) -> dict[str, str]:
    if not call.args or not isinstance(call.args[0], ast.Constant):
        return {}
    name = str(call.args[0].value)
    assert isinstance(call.func, ast.Attribute)
    default = call.args[1].value if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) else None
    if name in COMPUTED:
        return {name: COMPUTED[name]}
    if call.func.attr == "read_flag":
        return {name: "`0`"}
    return {name: "none" if default is None else f"`{default!s}`"}


def test_the_page_names_every_setting_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `MILLRACE_([A-Z_]+)` \| ([^|]+?) \|", PAGE, re.MULTILINE))
    assert rows == read_settings()


def test_no_setting_is_read_elsewhere() -> None:
    """Every variable that the code names is a setting of the page."""
    known = {f"MILLRACE_{name}" for name in read_settings()}
    folders = ("actions", "chats", "config", "connections", "demo", "docs_site", "document_collections", "flows")
    files = [file for folder in (*folders, "server", "web", "workspaces") for file in (ROOT / folder).rglob("*.py")]
    read = {name for file in files for name in re.findall(r"environ[^\n]*?(MILLRACE_[A-Z_]+)", file.read_text("utf-8"))}
    assert read <= known


def test_what_the_page_shows_is_there() -> None:
    for command in re.findall(r"manage\.py (\w+)", PAGE):
        assert command in {"serve", "migrate", "createsuperuser", "backup", "restore", "sign_in_link"}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for line in re.findall(r"make ([a-z ]+?)(?:`|\n|$)", PAGE):
        assert set(line.split()) <= targets, line
