"""The settings that modules of `config` read, with their defaults as a page of the documentation writes them."""

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


def read_settings(module: str = "settings") -> dict[str, str]:
    """Return the settings of a module of `config` by name, each with its default as the page should write it."""
    tree = ast.parse((ROOT / "config" / f"{module}.py").read_text("utf-8"))
    found = {}
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        reader = get_name(call).removeprefix("_")
        if reader == "read_public_url":
            found["PUBLIC_URL"] = COMPUTED["PUBLIC_URL"]
        elif reader.startswith("read_"):
            found |= describe_call(call)
    return found


def get_name(call: ast.Call) -> str:
    """Return the name of the function that is called; empty where it has none."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def describe_call(call: ast.Call) -> dict[str, str]:
    if not call.args or not isinstance(call.args[0], ast.Constant):
        return {}
    name = str(call.args[0].value)
    default = call.args[1].value if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) else None
    if name in COMPUTED:
        return {name: COMPUTED[name]}
    if get_name(call) == "read_flag":
        return {name: "`0`"}
    return {name: "none" if default is None else f"`{default!s}`"}
