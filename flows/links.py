"""Where a run is found over REST."""

from uuid import UUID


def run_links(run_id: UUID) -> dict[str, str]:
    base = f"/api/v1/runs/{run_id}"
    return {"state": base, "events": f"{base}/events", "cancel": f"{base}/cancel"}
