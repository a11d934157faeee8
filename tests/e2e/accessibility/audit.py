"""Judges what a page shows: by the rules of axe-core in both themes, and by what axe-core does not look at."""

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page, ViewportSize

AXE_SCRIPT = Path(__file__).parents[3] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""The rules whose outcome depends on the theme."""
SIZE_RULES = [
    *("aria-hidden-focus", "button-name", "label", "link-name", "page-has-heading-one"),
    *("scrollable-region-focusable", "target-size"),
]
"""The rules whose outcome depends on the size of the window: what is hidden, moved or scrolled there."""
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
ZOOMED: ViewportSize = {"width": 720, "height": 450}
"""What a screen of 1440 by 900 has left at 200 %."""
THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")

RUN_AXE = """async ([part, runOnly]) => {
  const options = { runOnly, resultTypes: ["violations"], preload: false, iframes: false };
  const { violations } = await axe.run(part, options);
  const isBad = ({ impact }) => impact === "serious" || impact === "critical";
  return violations.filter(isBad).map(({ id, nodes }) => {
    const found = nodes.slice(0, 4).map(({ target, html, failureSummary }) =>
      `  ${target.join(" ")}\\n    ${html.slice(0, 200)}\\n    ${failureSummary.replaceAll("\\n", " ").slice(0, 300)}`);
    return `${id}, ${nodes.length} times:\\n${found.join("\\n")}`;
  });
}"""
LIST_MOTIONS = """() => document.getAnimations()
  .filter(({ playState, effect }) => playState === "running" && effect.getComputedTiming().duration > 0)
  .map(({ animationName, transitionProperty, effect }) =>
    `moves: ${animationName ?? transitionProperty} of ${effect.target.outerHTML.slice(0, 120)}`)"""
WAIT_FOR_LAYOUT = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
FIND_SIDEWAYS = """() => document.documentElement.scrollWidth > innerWidth ? ["scrolls sideways"] : []"""


class Audit:
    """Collects the faults of the states that a test brings a page into. The test fails when there is one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []

    def judge(self, state: str) -> None:
        """Judge the whole page, what moves on it, and whether it scrolls sideways."""
        self.judge_part(state)
        self._add(state, self.page.evaluate(LIST_MOTIONS))
        self._add(state, self.page.evaluate(FIND_SIDEWAYS))

    def judge_part(self, state: str, part: str = ":root") -> None:
        """Judge what is within a selector: by every rule, and its colours also in the dark theme."""
        self._add(f"{state}, light", self._run_axe(part, "tag", TAGS))
        self.page.emulate_media(color_scheme="dark")
        self._add(f"{state}, dark", self._run_axe(part, "rule", COLOUR_RULES))
        self.page.emulate_media(color_scheme="light")

    def judge_in_all_sizes(self, state: str) -> None:
        """Judge the page on a desk, then on a phone, and at 200 %."""
        self.judge(state)
        for name, size in (("phone", PHONE), ("200 %", ZOOMED)):
            self.page.set_viewport_size(size)
            self.page.evaluate(WAIT_FOR_LAYOUT)
            self._add(f"{state}, {name}", self._run_axe(":root", "rule", SIZE_RULES))
            self._add(f"{state}, {name}", self.page.evaluate(FIND_SIDEWAYS))
        self.page.set_viewport_size(DESK)

    def judge_focus(self, state: str) -> None:
        """Judge that each control that can have the focus shows it, in both themes."""
        self.page.keyboard.press("Tab")  # from now on the browser shows the focus that a script gives
        for scheme in THEMES:
            self.page.emulate_media(color_scheme=scheme)
            self._add(f"{state}, {scheme}", self.page.evaluate(LIST_UNSEEN_FOCUS))
        self.page.emulate_media(color_scheme="light")

    def _run_axe(self, part: str, kind: str, values: list[str]) -> Any:
        return self.page.evaluate(RUN_AXE, [part, {"type": kind, "values": values}])

    def _add(self, state: str, faults: Any) -> None:
        self.faults += [f"{state}: {fault}" for fault in faults]


LIST_UNSEEN_FOCUS = """() => {
  const chosen = "a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex='0']";
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest("[inert]");
  const draw = (element) => {
    const parts = [element, element.querySelector("*")].filter(Boolean);
    for (let part = element; parts.length < 6 && (part = part.parentElement); ) parts.push(part);
    return parts.map((part) => ["", "::before", "::after"].map((pseudo) => {
      const { boxShadow, outlineStyle, outlineColor, borderColor } = getComputedStyle(part, pseudo);
      return [boxShadow, outlineStyle === "none" ? "" : outlineColor, borderColor].join();
    }).join()).join();
  };
  const before = document.activeElement;
  const faults = [...document.querySelectorAll(chosen)].filter(isShown).filter((element) => {
    document.activeElement?.blur();
    const plain = draw(element);
    element.focus({ preventScroll: true });
    const shown = document.activeElement !== element || draw(element) !== plain;
    element.blur();
    return !shown;
  }).map((element) => `shows no focus: ${element.outerHTML.slice(0, 160)}`);
  before?.focus?.();
  return faults;
}"""
