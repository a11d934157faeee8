"""The audit finds what it is there for: each of these pages has one fault."""

import pytest
from playwright.sync_api import Page

from tests.e2e.accessibility.audit import Audit

FAULTS = {
    "a button without a name": ("<main><button></button></main>", "button-name"),
    "a low contrast": ("<main><p style='color: #999; background: #fff'>Text</p></main>", "light: color-contrast"),
    "a low contrast in the dark theme alone": (
        "<style>p { background: #fff; color: #111 } @media (prefers-color-scheme: dark) { p { color: #eee } }</style>"
        "<main><p>Text</p></main>",
        "dark: color-contrast",
    ),
    "a hidden part with a button": ("<main aria-hidden='true'><button>Go</button></main>", "aria-hidden-focus"),
    "small targets side by side": (
        "<style>button { width: 9px; padding: 0 }</style><main><button>a</button><button>b</button></main>",
        "target-size",
    ),
    "a motion": (
        "<style>@keyframes turn { to { rotate: 1turn } } p { animation: turn 1s infinite }</style><p>Text</p>",
        "moves: turn",
    ),
    "a page that is too wide": ("<main><p style='width: 3000px'>Text</p></main>", "scrolls sideways"),
    "a focus that cannot be seen": (
        "<style>button { outline: none }</style><main><button>Go</button></main>",
        "no focus",
    ),
}


@pytest.mark.parametrize(("body", "fault"), FAULTS.values(), ids=list(FAULTS))
def test_the_audit_finds(stranger: Page, body: str, fault: str) -> None:
    stranger.goto("about:blank")
    stranger.evaluate("(body) => { document.documentElement.lang = 'en'; document.body.innerHTML = body }", body)
    audit = Audit(stranger)
    audit.judge("page")
    audit.judge_focus("page")
    assert any(fault in each for each in audit.faults), audit.faults
