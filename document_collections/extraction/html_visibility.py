"""Takes out of a web page what a browser does not show."""

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from document_collections.extraction.html_styles import PageStyles

HIDDEN_TAGS = frozenset(
    (
        *("applet", "audio", "canvas", "datalist", "embed", "frameset", "head", "iframe", "math", "noembed"),
        *("noframes", "noscript", "object", "rp", "script", "style", "svg", "template", "title", "video"),
    )
)
SHOWN_TAGS = frozenset(("html", "body"))
"""Where these are hidden, a script shows them once the page is ready: without them it would have no text at all."""
ZERO = re.compile(r"[+-]?(?:0+(?:\.0*)?|\.0+)(?:[a-z]{1,4}|%)?(?=[\s/]|$)")
OFFSET = re.compile(r"-(\d{1,9}(?:\.\d*)?|\.\d+)([a-z]{1,4}|%)")
UNIT_PIXELS = {"px": 1, "pt": 1.3, "em": 16, "rem": 16, "ex": 8, "ch": 8, "cm": 38, "in": 96, "%": 1}
"""About how many pixels a unit has. A share counts little: with -100% columns are put beside each other."""
VIEWPORT_PIXELS = 10
"""Units such as `vw`: a hundredth of a window."""
MIN_OFF_PAGE_PIXELS = 999
TRANSPARENT = re.compile(
    r"(?:transparent|#[0-9a-f]{3}0|#[0-9a-f]{6}00"
    r"|(?:rgb|hsl)a?\((?:[^,()]*,){3}\s*(?:0+(?:\.0*)?|\.0+)%?\s*\)|[a-z]{2,5}\([^/()]*/\s*(?:0+(?:\.0*)?|\.0+)%?\s*\))$"
)
HIDING_VALUES = {
    "content-visibility": re.compile("hidden"),
    "opacity": ZERO,
    "clip": re.compile(r"rect\(\s*(\d{1,6})(?:px)?(?:[\s,]+\1(?:px)?){3}\s*\)"),
    "clip-path": re.compile(r"inset\(\s*(?:[5-9]\d|100)%\s*\)|circle\(\s*0(?:px|%)?\b.*\)"),
}
OFFSETS = ("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top")
HEIGHTS = ("height", "max-height")
"""Not widths: a cell of no width is as wide as its table lets it be."""
OVERFLOWS = ("overflow", "overflow-x", "overflow-y")
FILLS = ("padding", "padding-top", "padding-bottom", "padding-block", "min-height", "flex", "flex-grow")
"""What keeps an element open whose height is 0."""
BACKGROUNDS = ("background", "background-clip", "-webkit-background-clip")
"""With `text`, what shows a text whose own color is transparent."""
UNSEEN_VALUES = {"visibility": re.compile("hidden|collapse"), "font-size": ZERO, "color": TRANSPARENT}
"""What hides an element's own texts. An element within it may have another value, and is seen."""
READ_PROPERTIES = frozenset(
    (
        *("display", "text-shadow", "-webkit-text-fill-color"),
        *(*HIDING_VALUES, *UNSEEN_VALUES, *BACKGROUNDS, *OFFSETS, *HEIGHTS, *OVERFLOWS, *FILLS),
    )
)
INHERITED = re.compile(r"inherit|unset|currentcolor|[\d.]+(?:em|ex|ch|%).*")
OWN_COLOR_TAGS = frozenset(("a", "button", "mark", "select", "textarea"))
"""Elements that browsers give a color."""


def remove_hidden(tree: LexborHTMLParser) -> None:
    """Take out elements that show no text, and what an attribute or a style of the page itself hides."""
    if tree.root is None:
        return
    styles = PageStyles(tree, READ_PROPERTIES)
    hidden: list[LexborNode] = []
    waiting: list[tuple[LexborNode, frozenset[str]]] = [(tree.root, frozenset())]
    while waiting:
        node, unseen = waiting.pop()
        if node.is_text_node:
            if unseen:
                hidden.append(node)
            continue
        declared = {} if node.tag in SHOWN_TAGS else styles.read(node)
        if _is_hidden(node, declared):
            hidden.append(node)
            continue
        if declared or unseen:
            unseen = _find_unseen(node.tag, declared, unseen)
        waiting.extend((child, unseen) for child in node.iter(include_text=True))
    for node in hidden:  # none of them is within another one
        node.decompose()


def _is_hidden(node: LexborNode, declared: Mapping[str, str]) -> bool:
    """Return whether nothing within the element is shown, whatever that says for itself."""
    if node.tag in HIDDEN_TAGS:
        return True
    if node.tag in SHOWN_TAGS:
        return False
    attributes = node.attributes
    if (attributes.get("aria-hidden") or "").strip().lower() == "true":
        return True
    if declared.get("display", "none" if _is_closed(node, attributes) else "") == "none":
        return True
    return bool(declared) and _is_hidden_by_style(declared)


def _is_hidden_by_style(declared: Mapping[str, str]) -> bool:
    return (
        any(pattern.fullmatch(declared.get(name, "")) for name, pattern in HIDING_VALUES.items())
        or any(_is_off_page(declared[name]) for name in OFFSETS if name in declared)
        or _has_no_room(declared)
    )


def _is_closed(node: LexborNode, attributes: Mapping[str, str | None]) -> bool:
    """Return whether a browser hides the element by itself, as long as no style shows it."""
    is_hidden = "hidden" in attributes and (attributes["hidden"] or "").lower() != "until-found"
    return is_hidden or "popover" in attributes or (node.tag == "dialog" and "open" not in attributes)


def _is_off_page(offset: str) -> bool:
    match = OFFSET.fullmatch(offset)
    return match is not None and float(match[1]) * UNIT_PIXELS.get(match[2], VIEWPORT_PIXELS) >= MIN_OFF_PAGE_PIXELS


def _has_no_room(declared: Mapping[str, str]) -> bool:
    is_cut = any(declared.get(name, "").startswith(("hidden", "clip")) for name in OVERFLOWS)
    is_open = any(not ZERO.fullmatch(declared.get(name, "0")) for name in FILLS)
    return is_cut and not is_open and any(ZERO.fullmatch(declared.get(name, "auto")) for name in HEIGHTS)


def _find_unseen(tag: str | None, declared: Mapping[str, str], unseen: frozenset[str]) -> frozenset[str]:
    """Return the properties that hide the element's own texts. What is within takes them over, or has its own."""
    found = set(unseen)
    if tag in OWN_COLOR_TAGS:
        found.discard("color")
    for name, pattern in UNSEEN_VALUES.items():
        value = declared.get(name, "inherit")
        if pattern.match(value):
            found.add(name)
        elif not INHERITED.fullmatch(value):
            found.discard(name)
    if "color" in found and _is_painted(declared):
        found.discard("color")
    return frozenset(found)


def _is_painted(declared: Mapping[str, str]) -> bool:
    """Return whether a text is shown whose own color is transparent."""
    has_shadow = declared.get("text-shadow", "none") != "none"
    fill = declared.get("-webkit-text-fill-color", "inherit")
    is_filled = not INHERITED.fullmatch(fill) and not TRANSPARENT.fullmatch(fill)
    backgrounds = " ".join(declared.get(name, "") for name in BACKGROUNDS)
    return has_shadow or is_filled or "text" in backgrounds.split()
