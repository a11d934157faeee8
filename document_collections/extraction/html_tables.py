"""Writes a table of a web page as lines of Markdown, so that it is cut between its rows and keeps its header."""

from collections.abc import Callable, Sequence

from selectolax.lexbor import LexborNode

MAX_SPAN = 50
SECTION_PLACES = {"thead": 0, "tbody": 1, "tfoot": 2}
"""Where the sections of a table are shown, wherever they stand in its source."""

ReadText = Callable[[LexborNode], str]
"""Returns the text of an element in one line."""


def build_table_lines(table: LexborNode, read_text: ReadText) -> list[str]:
    """Return the caption and the rows; nothing when the table only arranges other things on the page."""
    head, body = _split_head(table)
    caption = next((child for child in table.iter() if child.tag == "caption"), None)
    if caption is None and not head and _arranges_page(table, body):
        return []
    if max(map(len, (*head, *body)), default=0) < 2:
        return []
    filled = _fill_spans([*head, *body], len(head), read_text)
    width = max(map(len, filled))
    rows = [row + [""] * (width - len(row)) for row in filled]
    header, shown = _join_head(rows[: len(head)]), [row for row in rows[len(head) :] if any(row)]
    lines = [_join_cells(header), _join_cells(["---"] * width)] if any(header) else []
    lines.extend(map(_join_cells, shown))
    title = "" if caption is None else _escape(read_text(caption))
    return [title, "", *lines] if title else lines


def _split_head(table: LexborNode) -> tuple[list[list[LexborNode]], list[list[LexborNode]]]:
    """Return the cells of the rows of the header, and those of the others. The rows of tables within are left out."""
    sections = [section for section in table.iter() if section.tag in SECTION_PLACES]
    sections.sort(key=lambda section: SECTION_PLACES[section.tag or ""])
    listed = [(section.tag == "thead", _list_cells(row)) for section in sections for row in section.iter()]
    rows = [cells for _, cells in listed if cells]
    count = sum(is_head for is_head, cells in listed if cells) or _count_head_rows(rows)
    return rows[:count], rows[count:]


def _count_head_rows(rows: Sequence[Sequence[LexborNode]]) -> int:
    """Return how many rows at the beginning hold titles alone. One title below several is that of a group of rows."""
    count = 0
    for before, cells in zip([rows[:0], *rows], rows, strict=False):
        if any(cell.tag != "th" for cell in cells) or (len(cells) == 1 and len(before) > 1):
            break
        count += 1
    return count if count < len(rows) else min(count, 1)


def _arranges_page(table: LexborNode, rows: Sequence[Sequence[LexborNode]]) -> bool:
    """Return whether a table without a header and a caption has no titles either, and holds what is no text."""
    blocks = table.css("table, ul, ol, pre, h1, h2, h3, h4")
    has_blocks = any(block.mem_id != table.mem_id for block in blocks)
    return has_blocks and not any(cell.tag == "th" for cells in rows for cell in cells)


def _list_cells(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag in ("td", "th")]


def _fill_spans(rows: list[list[LexborNode]], head_rows: int, read_text: ReadText) -> list[list[str]]:
    """Return the texts; a cell over several rows stands in each, and leaves the other columns empty that it covers.

    A title above others stands in all its columns.
    """
    pending: dict[int, tuple[str, int]] = {}
    filled: list[list[str]] = []
    for number, cells in enumerate(rows, 1):
        texts: list[str] = []
        waiting = list(cells)
        while waiting or len(texts) in pending:
            text, left = pending.pop(len(texts), ("", 0))
            if left:
                if left > 1:
                    pending[len(texts)] = (text, left - 1)
                texts.append(text)
                continue
            cell = waiting.pop(0)
            text = _escape(read_text(cell))
            for column in range(_read_span(cell, "colspan")):
                shown = text if column == 0 or number < head_rows else ""
                if (height := _read_span(cell, "rowspan")) > 1:
                    pending[len(texts)] = (shown, height - 1)
                texts.append(shown)
        filled.append(texts)
    return filled


def _read_span(cell: LexborNode, name: str) -> int:
    text = cell.attributes.get(name) or ""
    return min(int(text), MAX_SPAN) if text.isascii() and text.isdigit() and int(text) > 0 else 1


def _join_head(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one title for each column, `Price net`. One that reaches over several rows stands in it once."""
    return [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*rows, strict=True)]


def _escape(text: str) -> str:
    return text.replace("|", "\\|")


def _join_cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
