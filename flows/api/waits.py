"""Which runs have not begun, and what they wait for."""

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from flows.models import Run, RunStatus, Turn


def annotate_waits(runs: QuerySet[Run]) -> QuerySet[Any]:
    """Add to each run, as `waits_for`, what it waits for; None when it has begun."""
    waits_for_turn = Exists(Turn.objects.filter(run=OuterRef("pk"), holds=False))
    goes_on = Q(status=RunStatus.RUNNING)
    waits = Case(
        When(goes_on & Q(worker=None), then=Value("worker")),
        When(goes_on & Q(waits_for_turn), then=Value("turn")),
        output_field=CharField(null=True),
    )
    return runs.annotate(waits_for=waits)
