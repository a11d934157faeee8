"""Times to the first chunk are added up as one number, instead of JSON with an entry for each span."""

from collections.abc import Callable
from itertools import islice
from json import dumps, loads
from typing import Any

from django.db import migrations, models

BATCH = 500
COUNT_BITS = 32


def write_as_bytes(row: Any) -> None:
    packed = sum(runs << COUNT_BITS * int(span) for span, runs in loads(row.first_chunks).items())
    row.counts = packed.to_bytes(-(-packed.bit_length() // COUNT_BITS) * COUNT_BITS // 8, "little")


def write_as_json(row: Any) -> None:
    counts = memoryview(bytes(row.counts)).cast("I")
    row.first_chunks = dumps({str(span): runs for span, runs in enumerate(counts) if runs}, separators=(",", ":"))


def change_all(change: Callable[[Any], None], field: str) -> Callable[[Any, Any], None]:
    """Return what changes one field of all rows, some at a time."""

    def run(apps: Any, schema_editor: Any) -> None:
        table = apps.get_model("flows", "UsageOfDay").objects
        rows = table.order_by("pk").iterator(BATCH)
        while batch := list(islice(rows, BATCH)):
            for row in batch:
                change(row)
            table.bulk_update(batch, [field])

    return run


class Migration(migrations.Migration):
    dependencies = [("flows", "0017_usage_by_day")]

    operations = [
        migrations.AddField("usageofday", "counts", models.BinaryField(default=b""), preserve_default=False),
        migrations.AlterField("usageofday", "first_chunks", models.TextField(default="{}")),
        migrations.RunPython(change_all(write_as_bytes, "counts"), change_all(write_as_json, "first_chunks")),
        migrations.RemoveField("usageofday", "first_chunks"),
        migrations.RenameField("usageofday", "counts", "first_chunks"),
    ]
