"""Takes out of a web page what a browser does not show."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

HIDDEN_TAGS = frozenset(
    (
        *("applet", "audio", "canvas", "datalist", "embed", "frameset", "head", "iframe", "math", "noembed"),
        *("noframes", "noscript", "object", "rp", "script", "style", "svg", "template", "title", "video"),
    )
)
SHOWN_TAGS = frozenset(("html", "body"))
"""Where these are hidden, a script shows them once the page is ready: without them it would have no text at all."""
HIDING = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden"
    r"|opacity\s*:\s*(?:0|0?\.0+|0%)|font-size\s*:\s*0(?:\.0+)?(?:px|pt|r?em|%)?"
    r"|(?:left|top|right|text-indent|margin-left)\s*:\s*-\d{4,}(?:\.\d+)?px)\s*(?:!important\s*)?(?:;|$)",
    re.IGNORECASE,
)
SHOWING = re.compile(r"(?:^|;)\s*(?:display|visibility|opacity|content-visibility)\s*:", re.IGNORECASE)
COMMENTS = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
RULE = re.compile(r"(?<![^{}])([^{}]+)\{([^{}]*)\}")
MAX_RULES = 2_000


def remove_hidden(tree: LexborHTMLParser) -> None:
    """Take out comments, elements that show no text, and what an attribute or a rule of the page itself hides.

    Rules under a condition, such as those for print, are not read, and neither are those of other files, nor those for
    all elements of a kind: a page that hides all its paragraphs shows them by a script.
    """
    by_rules = _find_hidden_by_rules(tree)
    root = tree.root
    hidden = [] if root is None else [node for node in root.traverse() if _is_hidden(node, by_rules)]
    for node in reversed(hidden):  # what is within comes first, so that no node is touched after its parent is gone
        node.decompose()


def _is_hidden(node: LexborNode, by_rules: set[int]) -> bool:
    if node.tag in SHOWN_TAGS:
        return False
    attributes = node.attributes
    style = attributes.get("style") or ""
    return (
        node.tag in HIDDEN_TAGS
        or ("hidden" in attributes and (attributes["hidden"] or "").lower() != "until-found")
        or (attributes.get("aria-hidden") or "").strip().lower() == "true"
        or (node.tag == "dialog" and "open" not in attributes)
        or HIDING.search(style) is not None
        or (node.mem_id in by_rules and SHOWING.search(style) is None)
    )


def _find_hidden_by_rules(tree: LexborHTMLParser) -> set[int]:
    """Return the ids of the elements that the page's own style sheets hide: of several rules the last one counts."""
    hidden: set[int] = set()
    for selector, declarations in _list_rules(tree):
        is_hiding = HIDING.search(declarations) is not None
        if is_hiding or SHOWING.search(declarations):
            found = _select(tree, selector)
            hidden = hidden | found if is_hiding else hidden - found
    return hidden


def _list_rules(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    source = "\n".join(node.text(deep=True) for node in tree.css("style"))
    plain = _drop_conditional_rules(COMMENTS.sub(" ", source))
    for number, match in enumerate(RULE.finditer(plain)):
        if number == MAX_RULES:
            return
        yield match[1].strip(), match[2]


def _drop_conditional_rules(source: str) -> str:
    """Return the rules without the blocks that begin with `@`, such as `@media print { … }`."""
    kept: list[str] = []
    end = 0
    for match in re.finditer(r"@[^;{}]*+[;{]?", source):
        if match.start() < end or match[0][-1] not in ";{":
            continue
        kept.append(source[end : match.start()])
        end = match.end() if match[0].endswith(";") else _find_block_end(source, match.end())
    return "".join((*kept, source[end:]))


def _find_block_end(source: str, begin: int) -> int:
    depth = 1
    for match in re.compile(r"[{}]").finditer(source, begin):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.end()
    return len(source)


def _select(tree: LexborHTMLParser, selector: str) -> set[int]:
    if ":" in selector or not re.search(r"[.#\[]", selector):  # a state such as `:hover`, or a kind of element
        return set()
    try:
        return {node.mem_id for node in tree.css(selector)}
    except (SelectolaxError, ValueError):  # a selector that the parser does not know hides nothing
        return set()
