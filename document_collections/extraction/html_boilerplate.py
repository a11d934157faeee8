"""Takes out of a web page what is on every page of its site: navigation, the head, the foot and the side bars.

It goes by what the page itself says: elements and roles that HTML has for it. Names of classes are not read, because
they differ from site to site.
"""

from selectolax.lexbor import LexborHTMLParser, LexborNode

SITE_TAGS = frozenset(("nav", "search"))
SITE_ROLES = frozenset(("navigation", "banner", "contentinfo", "search"))
CONTENT_TAGS = frozenset(("main", "article", "section"))
"""Within these a header, a footer and an aside belong to the content."""
CONTENT_ROLES = frozenset(("main", "article"))
MAIN_SELECTORS = ("main, [role=main]", "article, [role=article]")
MIN_MAIN_SHARE = 0.5
"""How much of what is left the main part must hold, so that it alone is the document."""
MIN_LEFT_SHARE = 0.1
"""Where less than this would be left, the page is a page of links, and all of it is its text."""


def find_content(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the element that holds the document, without what belongs to the site; None for a page without a body."""
    body = tree.body or tree.root
    if body is None:
        return None
    site = _find_site_parts(body)
    total, left = _count(body), _count(body) - sum(map(_count, site))
    if left < MIN_LEFT_SHARE * total:
        return body
    for node in site:
        node.decompose()
    return _find_main(body, left)


def _find_main(body: LexborNode, letters: int) -> LexborNode:
    """Return the one main part of the page where it holds most of the text, with the heading of the page."""
    for selector in MAIN_SELECTORS:
        parts = body.css(selector)
        if len(parts) == 1 and _count(parts[0]) >= MIN_MAIN_SHARE * letters:
            return _with_heading(parts[0], body)
    return body


def _with_heading(main: LexborNode, body: LexborNode) -> LexborNode:
    heading, first = body.css_first("h1"), main.child
    if heading is not None and first is not None and main.css_first("h1") is None:
        first.insert_before(heading)
    return main


def _find_site_parts(body: LexborNode) -> list[LexborNode]:
    """Return the outermost elements that belong to the site. One way through the tree, however deep it is."""
    has_main = any(body.css_first(selector) is not None for selector in MAIN_SELECTORS)
    found: list[LexborNode] = []
    waiting = [(node, False) for node in body.iter()]
    while waiting:
        node, is_content = waiting.pop()
        if _is_site_part(node, is_content, has_main):
            found.append(node)
            continue
        is_content = is_content or node.tag in CONTENT_TAGS or _get_role(node) in CONTENT_ROLES
        waiting.extend((child, is_content) for child in node.iter())
    return found


def _is_site_part(node: LexborNode, is_content: bool, has_main: bool) -> bool:
    role = _get_role(node)
    if node.tag in SITE_TAGS or role in SITE_ROLES:
        return True
    if is_content:
        return False
    if node.tag == "aside" or role == "complementary":
        return True
    # A page without a main part may have its only heading in its head.
    return node.tag == "footer" or (node.tag == "header" and (has_main or node.css_first("h1") is None))


def _get_role(node: LexborNode) -> str:
    return (node.attributes.get("role") or "").strip().lower()


def _count(node: LexborNode) -> int:
    return len(node.text(deep=True))
