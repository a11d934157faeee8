"""Writes sizes for people: each unit is 1,024 of the one before, as in the settings. Pure."""

STEP = 1024
UNITS = ("KB", "MB", "GB")
MEGABYTE = STEP * STEP


def format_size(size: int) -> str:
    """Return `812 bytes`, `4.1 KB`, `50 MB` or `20 GB`, as the pages write it too."""
    if size < STEP:
        return f"{size:,} bytes" if size != 1 else "1 byte"
    amount, unit = size / STEP, 0
    while unit < len(UNITS) - 1 and round(amount) >= STEP:
        amount, unit = amount / STEP, unit + 1
    number = f"{amount:.1f}".removesuffix(".0") if amount < 10 else f"{amount:,.0f}"
    return f"{number} {UNITS[unit]}"
