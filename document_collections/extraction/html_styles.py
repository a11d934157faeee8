"""The styles that a web page gives its elements: in its own style sheets, and in their attributes."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

COMMENTS = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
RULE = re.compile(r"(?<![^{}])([^{}]+)\{([^{}]*)\}")
DECLARATION = re.compile(r"""(?:[^;"'(]|"[^"]*"|'[^']*'|\([^()]*\)|["'(])++""")
"""One of several apart by semicolons, which may stand within quotes and brackets too."""
IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)
SELECTOR = re.compile(r"""(?:[^,"'(\[]|"[^"]*"|'[^']*'|\([^()]*\)|\[[^\[\]]*\]|["'(\[])++""")
"""One of several apart by commas."""
NAME = re.compile(r"([.#])(-?[_a-zA-Z\x80-\uffff][\w-]*)")
SIMPLE_SELECTOR = re.compile(r"[a-z]*(?:[.#]-?[_a-zA-Z\x80-\uffff][\w-]*)+")
SIMPLE_NAME = re.compile(r"[.#]?[\w-]+")
ATTRIBUTE = re.compile(r"\[[^\]]*\]?")
KIND = re.compile(r"(?<![\w-])[a-zA-Z][\w-]*")
LONGHANDS = {"font": "font-size"}
"""What a short form sets, among other things."""
EVERY_MEDIUM = frozenset(("", "all", "screen"))
MAX_LOOKUPS = 2_000
"""How many selectors are looked up in the page. Those of names alone, and of names that it has not, need none."""
MAX_MATCHES = 1_000_000
"""How many elements the rules may match in all, an element counted for each of its rules: about 2 s."""

Rank = tuple[bool, bool, tuple[int, int, int], int]
"""Of two declarations the higher one holds: by importance, `style`, how much the selector says, and place."""


class _Declaration(NamedTuple):
    property: str
    value: str
    is_important: bool


class PageStyles:
    """What holds for each element of a page, of its own rules and its attribute `style`.

    Rules under a condition, such as those for print, are not read, and neither are those of other files, nor those for
    all elements of a kind: a page that hides all its paragraphs shows them by a script.
    """

    def __init__(self, tree: LexborHTMLParser, properties: frozenset[str]) -> None:
        """`properties` are those to read, in small letters."""
        self._properties = properties
        self._ranked: dict[int, dict[str, tuple[Rank, str]]] = {}
        elements = _NamedElements(tree)
        left = MAX_MATCHES
        for number, (selector, declarations) in enumerate(self._list_rules(tree)):
            found = elements.find(selector)
            left -= len(found)
            if left < 0:
                return
            specificity = _measure_specificity(selector)
            for element in found:
                _rank(self._ranked.setdefault(element, {}), declarations, False, specificity, number)

    def read(self, node: LexborNode) -> Mapping[str, str]:
        """Return the values in small letters, by their properties."""
        ranked = self._ranked.get(node.mem_id, {})
        style = node.attributes.get("style")
        if style:
            ranked = dict(ranked)
            _rank(ranked, self._read_declarations(COMMENTS.sub("", style)), True, (0, 0, 0), 0)
        return {name: value for name, (_, value) in ranked.items()}

    def _list_rules(self, tree: LexborHTMLParser) -> Iterator[tuple[str, list[_Declaration]]]:
        """Yield each selector with its declarations, in their order."""
        for match in RULE.finditer(_drop_conditional_rules(COMMENTS.sub(" ", _join_sheets(tree)))):
            declarations = self._read_declarations(match[2])
            for selector in SELECTOR.findall(match[1]) if declarations else ():
                yield selector.strip(), declarations

    def _read_declarations(self, source: str) -> list[_Declaration]:
        found: list[_Declaration] = []
        for text in DECLARATION.findall(source):
            name, _, value = text.partition(":")
            name = LONGHANDS.get(name := name.strip().lower(), name)
            if name in self._properties:
                plain = IMPORTANT.sub("", value)
                found.append(_Declaration(name, plain.strip().lower(), plain != value))
        return found


def _rank(
    ranked: dict[str, tuple[Rank, str]],
    declarations: list[_Declaration],
    is_inline: bool,
    specificity: tuple[int, int, int],
    number: int,
) -> None:
    """Put in the declarations that rank at least as high as those of the same property."""
    for each in declarations:
        rank = (each.is_important, is_inline, specificity, number)
        if each.property not in ranked or ranked[each.property][0] <= rank:
            ranked[each.property] = (rank, each.value)


def _join_sheets(tree: LexborHTMLParser) -> str:
    return "\n".join(node.text(deep=True) for node in tree.css("style") if _holds_on_screen(node))


def _holds_on_screen(sheet: LexborNode) -> bool:
    """Return whether a browser with scripts reads the style sheet to show the page."""
    media = {each.strip().lower() for each in (sheet.attributes.get("media") or "").split(",")}
    kind = (sheet.attributes.get("type") or "text/css").strip().lower()
    is_for_no_script = sheet.parent is not None and sheet.parent.tag == "noscript"
    return not media.isdisjoint(EVERY_MEDIUM) and kind == "text/css" and not is_for_no_script


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


class _NamedElements:
    """The elements of a page by their classes, ids and kinds, so that few selectors are looked up in all of it."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self._ids: dict[str, set[int]] = defaultdict(set)
        self._left = MAX_LOOKUPS
        for node in tree.css("[class], [id]"):
            attributes = node.attributes
            classes = (f".{each}" for each in (attributes.get("class") or "").split())
            for name in (node.tag or "", f"#{attributes.get('id') or ''}", *classes):
                self._ids[name].add(node.mem_id)

    def find(self, selector: str) -> set[int]:
        """Return the ids of the elements that match; none for a kind of element alone, or a state such as `:hover`."""
        plain = ATTRIBUTE.sub("", selector)
        if ":" in plain or not re.search(r"[.#\[]", selector):
            return set()
        names = ["".join(name) for name in NAME.findall(plain)]
        if "\\" not in plain and not all(name in self._ids for name in names):
            return set()
        if SIMPLE_SELECTOR.fullmatch(selector):
            return set.intersection(*(self._ids.get(name, set()) for name in SIMPLE_NAME.findall(selector)))
        return self._look_up(selector)

    def _look_up(self, selector: str) -> set[int]:
        if not self._left:
            return set()
        self._left -= 1
        try:
            return {node.mem_id for node in self._tree.css(selector)}
        except (SelectolaxError, ValueError):  # a selector that the parser does not know matches nothing
            return set()


def _measure_specificity(selector: str) -> tuple[int, int, int]:
    """Return how much a selector says: how many ids, how many classes and attributes, how many kinds it names."""
    plain, attributes = ATTRIBUTE.subn(" ", selector)
    marks = [mark for mark, _ in NAME.findall(plain)]
    kinds = KIND.findall(NAME.sub("", plain))
    return marks.count("#"), marks.count(".") + attributes, len(kinds)
