"""`docs/security.md` states the permissions and the limits that the code has."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest

from actions.contract.sizes import format_size
from tests.config.declared_settings import read_settings
from web.strict_json import Limits
from workspaces.access import POLICY_PERMISSIONS, ROLE_PERMISSIONS, SHARED_PERMISSIONS, Permission
from workspaces.keys import KEY_POLICIES
from workspaces.throttle import Throttle

PAGE = (Path(__file__).parents[2] / "docs" / "security.md").read_text("utf-8")
LIMITS = re.findall(r"^\| [^|]+ \| ([^|]+) \| `([\w.]+)` \|$", PAGE, re.MULTILINE)


def test_the_page_says_what_each_role_and_policy_may_do() -> None:
    names = get_args(Permission)
    both = frozenset().union(*POLICY_PERMISSIONS.values())
    callers = {f"role {role}": permissions for role, permissions in ROLE_PERMISSIONS.items()}
    callers |= {f"key with {policy}": POLICY_PERMISSIONS[policy] for policy in KEY_POLICIES}
    callers["key with both, for certain flows"] = both - SHARED_PERMISSIONS
    head = f"| Who | {' | '.join(names)} |\n|{'---|' * (len(names) + 1)}\n"
    rows = [
        f"| {who} | {' | '.join('yes' if name in has else 'no' for name in names)} |\n" for who, has in callers.items()
    ]
    assert head + "".join(rows) in PAGE


def test_the_page_has_limits() -> None:
    assert len(LIMITS) == len(re.findall(r"^\| .* \| `[\w.]+` \|$", PAGE, re.MULTILINE)) > 15


@pytest.mark.parametrize(("shown", "place"), LIMITS, ids=[place for _, place in LIMITS])
def test_each_limit_is_the_one_of_the_code(shown: str, place: str) -> None:
    if place.startswith("MILLRACE_"):
        assert f"`{shown.split()[0].replace(',', '')}`" == read_settings()[place.removeprefix("MILLRACE_")]
        return
    module, _, name = place.rpartition(".")
    assert shown == describe_limit(getattr(import_module(module), name), shown)


def describe_limit(value: Any, shown: str) -> str:
    """Return the limit as the page should write it, with the unit of a plain number as it is shown."""
    if isinstance(value, Throttle):
        return f"{value.max_events} in {value.window_s} s"
    if isinstance(value, Limits):
        return format_size(value.bytes)
    unit = shown.partition(" ")[2]
    number = f"{value:,}" if isinstance(value, int) else f"{value:,g}"
    return f"{number} {unit}".strip()
