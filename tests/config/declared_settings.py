"""The settings that `config/settings.py` reads, with their defaults as a page of the documentation writes them."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
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
