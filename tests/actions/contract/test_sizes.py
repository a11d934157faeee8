"""A size is written in one way; `frontend/src/ui/format.test.ts` has the same table."""

import pytest

from actions.contract.sizes import format_size


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1_000, "1,000 bytes"),
        (1_024, "1 KB"),
        (4_200, "4.1 KB"),
        (65_536, "64 KB"),
        (1_048_575, "1 MB"),
        (52_428_800, "50 MB"),
        (1_073_741_823, "1 GB"),
        (21_474_836_480, "20 GB"),
        (2_199_023_255_552, "2,048 GB"),
    ],
)
def test_a_size_has_its_unit(size: int, words: str) -> None:
    assert format_size(size) == words
