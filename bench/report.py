"""Writes the figures as the Markdown that `docs/benchmarks.md` holds."""

import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.figures import Figures, compute_difference, compute_ratio


def write_report(relay: Figures, others: Sequence[Figures], command: str) -> str:
    """Return the table, with a column for each target, and what follows from it."""
    columns = [_describe(each, relay) for each in (relay, *others)]
    names = " | ".join(each.target.name for each in (relay, *others))
    rows = [f"| {title} | {' | '.join(column[title] for column in columns)} |" for title in columns[0]]
    head = [write_head(command), "", f"| | {names} |", "|---|" + "--:|" * len(columns)]
    return "\n".join([*head, *rows, "", *_write_sentences(others)])


def write_head(command: str) -> str:
    """Return when, where and by which command a table was made."""
    cores, python = os.cpu_count(), platform.python_version()
    return f"{datetime.now(UTC):%Y-%m-%d}, {cores} processors, Python {python}, `{command}`:"


def _describe(each: Figures, relay: Figures) -> dict[str, str]:
    """Return what the table shows of a target, by the titles of its rows."""
    median = statistics.median
    return {
        "CPU µs per chunk": f"{median(each.chunk_us):.0f}",
        "… times the relay's": f"{compute_ratio(each.chunk_us, relay.chunk_us):.2f}",
        "20-ms streams held": f"{_get_bound(each)}{each.held}",
        "… times as many as the relay": _compare_held(each, relay),
        "added to a chunk, ms, p50 and p99": f"{median(each.p50_ms):.1f}, {median(each.p99_ms):.1f}",
        "lost chunks": str(each.lost),
        "first chunk of a lone stream, ms": f"{median(each.lone_ms):.1f}",
        "… more than the relay's": f"{compute_difference(each.lone_ms, relay.lone_ms):+.1f}",
        "first chunk of one of many, ms": f"{median(each.together_ms):.1f}",
        "… more than that of the relay": f"{compute_difference(each.together_ms, relay.together_ms):+.1f}",
        "CPU ms per request of one chunk": f"{median(each.request_ms):.1f}",
        "… times that of the relay": f"{compute_ratio(each.request_ms, relay.request_ms):.2f}",
        "idle memory, MB": f"{each.idle_mb:.0f}",
        "CPU s until it listens": f"{each.target.listening_cpu_s:.1f}",
        "CPU s until it takes calls": f"{each.target.ready_cpu_s:.1f}",
    }


def _get_bound(each: Figures) -> str:
    return "≥ " if each.is_load_limited else ""


def _compare_held(each: Figures, relay: Figures) -> str:
    """Return how many times the relay's streams are held; nothing when it is not known how many the relay holds."""
    if not relay.held or (relay.is_load_limited and each is not relay):
        return ""
    return f"{_get_bound(each)}{each.held / relay.held:.1f}"


def _write_sentences(others: Sequence[Figures]) -> list[str]:
    single = next(each for each in others if each.longer_us)
    more = compute_difference(single.longer_us, single.chunk_us)
    lines = [f"Two more actions in the path of a message: {more:+.0f} µs of CPU per chunk."]
    several = next((each for each in others if len(each.target.pids) > 1), None)
    if several is None:
        return lines
    share = 100 * statistics.median(several.busiest_us) / statistics.median(several.chunk_us)
    cost, factor = (
        compute_ratio(*pair) for pair in ((several.chunk_us, single.chunk_us), (single.chunk_us, several.busiest_us))
    )
    return [
        *lines,
        f"{several.target.name}: {cost:.2f} times the CPU of one per chunk, "
        f"{share:.0f} % of it in the busiest; with a processor for each, they serve {factor:.2f} times as many chunks.",
    ]
