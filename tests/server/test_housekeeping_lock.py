"""Of several processes, one keeps house. To the lock, two open files of one process are as two processes."""

from pathlib import Path

from server.housekeeping import HousekeepingLock


def test_one_process_holds_the_lock_until_it_ends(tmp_path: Path) -> None:
    one, other = (HousekeepingLock(tmp_path / "lock") for _ in range(2))
    assert [one.try_hold(), other.try_hold(), one.try_hold(), other.try_hold()] == [True, False, True, False]
    one.free()
    assert [other.try_hold(), one.try_hold()] == [True, False]
    other.free()
