"""The rules of the house: no test file imports another one, no folder holds too many modules, `flows` has no circle."""

import ast
import functools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
MAX_MODULES = 18
"""A folder with more modules than this holds two ideas. Migrations are no ideas."""
MAX_IMPORT_CHAIN = 8
"""How many imports may lead from one module of `flows` to another one, one after the other."""
PACKAGES = (
    *("actions", "bench", "chat_pages", "chats", "config", "connections", "demo", "docs_site", "document_collections"),
    *("expressions", "flows", "foreign_flows", "server", "sign_on", "tests", "web", "workspaces"),
)


def list_modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def list_imports(path: Path) -> Iterator[str]:
    """Yield the full names of the modules, and of what is imported from them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_test_file(module: str) -> bool:
    return any(part.startswith("test_") for part in module.split(".")[:-1]) and module.startswith("tests.")


def test_no_test_file_is_imported() -> None:
    importers = {
        str(path.relative_to(ROOT)): names
        for path in list_modules()
        if (names := [name for name in list_imports(path) if is_test_file(name)])
    }
    assert importers == {}


def test_no_folder_holds_too_many_modules() -> None:
    counts = Counter(str(path.parent.relative_to(ROOT)) for path in list_modules())
    assert {folder: count for folder, count in counts.items() if count > MAX_MODULES} == {}


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("flows", cache_dir=None)


def test_there_is_no_circle_of_imports_in_flows(imports: grimp.ImportGraph) -> None:
    circles = [
        (module, imported)
        for module in imports.modules
        for imported in imports.find_modules_directly_imported_by(module)
        if imports.chain_exists(importer=imported, imported=module)
    ]
    assert circles == []


def test_no_chain_of_imports_in_flows_is_long(imports: grimp.ImportGraph) -> None:
    @functools.cache
    def find_longest_chain(module: str) -> tuple[str, ...]:
        chains = map(find_longest_chain, imports.find_modules_directly_imported_by(module))
        return (module, *max(chains, key=len, default=()))

    longest = max(map(find_longest_chain, imports.modules), key=len)
    assert len(longest) - 1 <= MAX_IMPORT_CHAIN, " -> ".join(longest)
