"""`manage.py write_docs`: write the pages that are generated from declarations; `--check` fails when one is stale."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.renderers import OpenApiJsonRenderer

from actions.contract.registry import get_actions
from docs_site.protocol_page import render_protocols_markdown
from docs_site.views import render_action_markdown
from web.openapi import build_document

EXAMPLE_SERVER = "http://127.0.0.1:8000"


class Command(BaseCommand):
    help = "Write docs/actions/, docs/protocols.md and docs/openapi.json from the declarations."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a file is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not settings.MILLRACE_SIGN_ON:
            raise CommandError("docs/openapi.json would lack the optional parts. Run: make docs")
        stale = [
            (path, text) for path, text in _generate_pages() if not path.exists() or path.read_text("utf-8") != text
        ]
        if check and stale:
            names = ", ".join(path.name for path, _ in stale)
            raise CommandError(f"These pages differ from the declarations: {names}. Run: make docs")
        for path, text in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            self.stdout.write(f"wrote {path.name}")


def _generate_pages() -> Iterator[tuple[Path, str]]:
    docs = Path(settings.BASE_DIR) / "docs"
    for action_type in get_actions():
        yield docs / "actions" / f"{action_type}.md", render_action_markdown(action_type)
    yield docs / "protocols.md", render_protocols_markdown()
    yield docs / "openapi.json", OpenApiJsonRenderer().render(_build_schema()).decode() + "\n"


def _build_schema() -> Any:
    schema = build_document()
    if GENERATOR_STATS:
        raise CommandError("docs/openapi.json would be incomplete: see the messages above.")
    return {**schema, "servers": [{"url": EXAMPLE_SERVER}]}
