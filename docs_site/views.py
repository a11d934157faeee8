"""Renders the documentation from `docs/` and from the actions' own declarations."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from actions.contract.assets import read_prose
from actions.contract.catalogue import describe_action, get_catalogue
from actions.contract.registry import get_actions
from web.errors import build_not_found
from web.middleware.sub_path import add_sub_path


def _render_code(text: str, language: str, attributes: str) -> str:
    """Render a block of code. It can have the focus, so that the arrow keys scroll it where it is too wide."""
    return f'<pre tabindex="0" role="group" aria-label="Code"><code>{escape(text)}</code></pre>'


def _open_table(*_: object) -> str:
    """Render the start of a table in a frame, which scrolls in its place where the window is narrow."""
    return '<div class="table" tabindex="0" role="group" aria-label="Table"><table>'


def _close_table(*_: object) -> str:
    return "</table></div>"


def _open_link(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Render the start of a link. One to another page of this server stays below the server's path."""
    link = tokens[index]
    link.attrSet("href", add_sub_path(str(link.attrGet("href") or "")))
    return renderer.renderToken(tokens, index, options, env)


def _build_markdown() -> MarkdownIt:
    """Return the parser. Raw HTML is off, so that a page contains no markup but that of Markdown and of this module."""
    markdown = MarkdownIt("commonmark", {"html": False, "highlight": _render_code}).enable("table")
    markdown.add_render_rule("table_open", _open_table)
    markdown.add_render_rule("table_close", _close_table)
    markdown.add_render_rule("link_open", _open_link)
    return markdown


_markdown = _build_markdown()

GUIDE_PAGES = {
    "index": "Overview",
    "versions": "Versions",
    "chat-page": "Chat page",
    "templates": "Templates",
    "rest": "REST",
    "protocols": "Clients of other servers",
    "expressions": "Expressions",
    "connections": "Connections",
    "variables": "Variables",
    "collections": "Collections",
    "exchange": "Files",
    "keys": "API keys",
    "schedules": "Schedules and the queue",
    "usage": "Usage",
    "people": "People",
    "reliability": "Reliability",
    "sign-on": "Single sign-on",
    "deploy": "Deploy",
    "operations": "Operations",
    "security": "Security",
}


@require_safe
async def show_guide(request: HttpRequest, name: str = "index") -> HttpResponse:
    """Serve a page of `docs/`."""
    if name not in GUIDE_PAGES:
        raise build_not_found()
    text = (Path(settings.BASE_DIR) / "docs" / f"{name}.md").read_text(encoding="utf-8")
    return _render_page(request, GUIDE_PAGES[name], text)


@require_safe
async def show_action(request: HttpRequest, action_type: str) -> HttpResponse:
    """Serve the page of an action: its hand-written prose, and tables from its declaration."""
    action = get_actions().get(action_type)
    if action is None:
        raise build_not_found()
    return _render_page(request, action.title, render_action_markdown(action_type))


# Cached for the process, because the declarations and the files of `docs/` do not change while it runs.
@cache
def render_action_markdown(action_type: str) -> str:
    """Return the whole page of an action in Markdown; `docs/actions/` contains the same text."""
    action = get_actions()[action_type]
    described = describe_action(action)
    parts = [
        f"# {action.title}",
        action.summary,
        *_render_properties(described),
        read_prose(action).strip(),
        *_render_outputs(described),
    ]
    return "\n\n".join(parts) + "\n"


def _render_properties(described: dict[str, Any]) -> Iterator[str]:
    rows = ["## Properties", "", "| Name | | Meaning |", "|---|---|---|"]
    for prop in described["properties"]:
        required = "required" if prop["required"] else "optional"
        rows.append(f"| {prop['title']} | {required} | {_describe_meaning(prop)} |")
    yield "\n".join(rows[:2])
    yield "\n".join(rows[2:])


def _describe_meaning(prop: dict[str, Any]) -> str:
    text = prop["description"].replace("|", "\\|")
    default = prop["default"]
    shown_default = default if isinstance(default, str | int | float) and not isinstance(default, bool) else None
    # A line break would end the row of the table.
    return f"{text} Default `{str(shown_default).replace(chr(10), '⏎')}`." if shown_default not in (None, "") else text


def _render_outputs(described: dict[str, Any]) -> Iterator[str]:
    for output in described["outputs"]:
        if output["fields"]:
            rows = [f"| `{field['name']}` | {field['type']} | {field['description']} |" for field in output["fields"]]
            yield f"## {output['title']} `{output['default']}`"
            yield "\n".join(["| Field | Type | Meaning |", "|---|---|---|", *rows])


def _render_page(request: HttpRequest, title: str, text: str) -> HttpResponse:
    context = {"title": title, "body": _render_html(text), "pages": GUIDE_PAGES, "families": _list_families()}
    return render(request, "docs/page.html", context)


@cache  # the pages of a process never change
def _render_html(text: str) -> SafeString:
    return SafeString(_markdown.render(text))  # our own files, and raw HTML is off


@cache  # nor do its actions
def _list_families() -> list[dict[str, Any]]:
    catalogue = get_catalogue()
    return [
        {**family, "actions": [a for a in catalogue["actions"] if a["family"] == family["id"]]}
        for family in catalogue["families"]
    ]
