"""The browser's part of experiment P6, in a thread: its loops and the browser's own must not meet."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from tests.faults.experiments import reloaded_page


def test_a_page_that_is_reloaded_in_the_middle_shows_what_the_log_holds() -> None:
    with ThreadPoolExecutor(1) as thread:
        figures = thread.submit(asyncio.run, reloaded_page.measure()).result()
    assert [figure for figure in figures if not figure.ok] == []
