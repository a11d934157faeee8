"""Writes a table of a web page as lines of Markdown, so that it is cut between its rows and keeps its header."""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

MAX_SPAN = 50


def build_table_lines(table: LexborNode) -> list[str]:
    """Return the caption and the rows; nothing when the table only arranges other things on the page."""
    rows = [(row, list(_list_cells(row))) for row in table.css("tr")]
    rows = [(row, cells) for row, cells in rows if cells]
    if _arranges_page(table) or max((len(cells) for _, cells in rows), default=0) < 2:
        return []
    filled = _fill_spans([cells for _, cells in rows])
    width = max(len(row) for row in filled)
    lines = [_join_cells(row + [""] * (width - len(row))) for row in filled]
    first_row, first_cells = rows[0]
    parent = first_row.parent
    if (parent is not None and parent.tag == "thead") or all(cell.tag == "th" for cell in first_cells):
        lines.insert(1, _join_cells(["---"] * width))
    caption = table.css_first("caption")
    return [_read_text(caption), "", *lines] if caption is not None and _read_text(caption) else lines


def _arranges_page(table: LexborNode) -> bool:
    blocks = table.css("table, ul, ol, pre, h1, h2, h3, h4")
    return any(block.mem_id != table.mem_id for block in blocks)


def _list_cells(row: LexborNode) -> Iterator[LexborNode]:
    for cell in row.iter():
        if cell.tag in ("td", "th"):
            yield cell


def _fill_spans(rows: list[list[LexborNode]]) -> list[list[str]]:
    """Return the texts; a cell over several rows stands in each, and leaves the other columns empty that it covers."""
    pending: dict[int, tuple[str, int]] = {}
    filled: list[list[str]] = []
    for cells in rows:
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
            text = _read_text(cell)
            for column in range(_read_span(cell, "colspan")):
                if (height := _read_span(cell, "rowspan")) > 1:
                    pending[len(texts)] = (text if column == 0 else "", height - 1)
                texts.append(text if column == 0 else "")
        filled.append(texts)
    return filled


def _read_span(cell: LexborNode, name: str) -> int:
    text = cell.attributes.get(name) or ""
    return min(int(text), MAX_SPAN) if text.isascii() and text.isdigit() and int(text) > 0 else 1


def _read_text(node: LexborNode) -> str:
    return " ".join(node.text(deep=True, separator=" ").split()).replace("|", "\\|")


def _join_cells(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
