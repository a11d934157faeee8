"""What was measured of each target, over several rounds."""

import statistics
from dataclasses import dataclass, field

from bench.load import Reading
from bench.targets import Target


@dataclass
class Figures:
    """What was measured of one target. Each list has an element for each round."""

    target: Target
    idle_mb: float = 0.0
    """After its first streams, of all its processes together."""
    lone_ms: list[float] = field(default_factory=list)
    """Until the first chunk of a stream that has the server for itself."""
    together_ms: list[float] = field(default_factory=list)
    """Until the first chunk of one of many streams."""
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    chunk_us: list[float] = field(default_factory=list)
    """Processor time of a chunk, starts included."""
    busiest_us: list[float] = field(default_factory=list)
    """The part of it that the busiest process has taken."""
    longer_us: list[float] = field(default_factory=list)
    """Processor time of a chunk that passes more actions."""
    request_ms: list[float] = field(default_factory=list)
    """Processor time of a request of one chunk."""
    lost: int = 0
    held: int = 0
    """The most streams that were read with p99 below the limit and no chunk lost."""
    is_load_limited: bool = False
    """Whether it may hold more: the load could not keep its pace with more streams."""

    def note_streams(self, reading: Reading, each_cpu_s: list[float]) -> None:
        chunks = len(reading.delays_ms)
        self.chunk_us.append(sum(each_cpu_s) * 1e6 / chunks)
        self.busiest_us.append(max(each_cpu_s) * 1e6 / chunks)
        self.together_ms.append(statistics.median(reading.first))
        self.p50_ms.append(reading.compute_percentile(0.50))
        self.p99_ms.append(reading.compute_percentile(0.99))
        self.lost += reading.lost


def compute_ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median of the rounds' ratios. Within a round both had the same machine; between rounds it changes."""
    return statistics.median(our / their for our, their in zip(ours, theirs, strict=True))


def compute_difference(ours: list[float], theirs: list[float]) -> float:
    """Return the median of the rounds' differences."""
    return statistics.median(our - their for our, their in zip(ours, theirs, strict=True))
