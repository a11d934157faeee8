"""Scrapes a server as Prometheus does, and reads what it tells."""

import asyncio
import json
from collections.abc import Mapping

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from bench.targets import find_free_port
from tests.faults.rig import Server

Sample = tuple[str, frozenset[tuple[str, str]]]


class Scrape:
    """What one process has told."""

    def __init__(self, text: str) -> None:
        self.text = text
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        self.values: Mapping[Sample, float] = {
            (each.name, frozenset(each.labels.items())): each.value for each in samples
        }

    def get(self, name: str, **labels: str) -> float:
        """Return a value; 0 when it is not told."""
        return self.values.get((f"millrace_{name}", frozenset(labels.items())), 0.0)

    def list_labels(self) -> set[str]:
        """Return the values of all labels but the bounds of histograms."""
        return {value for _, labels in self.values for name, value in labels if name != "le"}


def choose_variables(**more: str) -> dict[str, str]:
    """Return the environment of processes that can be scraped, and say in their logs where."""
    return {"MILLRACE_METRICS_PORT": str(find_free_port()), "MILLRACE_LOG_LEVEL": "INFO", **more}


def read_port(server: Server) -> int:
    """Return the port at which a process has said that it answers: another process may have had the first one."""
    lines = [json.loads(line) for line in server.log().splitlines() if '"metrics_served"' in line]
    return int(lines[-1]["port"])


async def scrape(port: int, token: str = "") -> Scrape:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(build_url(port), headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return Scrape(await answer.text())


async def scrape_until(port: int, name: str, value: float, within_s: float = 30, **labels: str) -> Scrape:
    """Scrape until a value is reached, which a run adds a moment after its answer."""
    async with asyncio.timeout(within_s):
        while (found := await scrape(port)).get(name, **labels) < value:
            await asyncio.sleep(0.05)
        return found


def build_url(port: int, path: str = "/metrics") -> str:
    return f"http://127.0.0.1:{port}{path}"
