"""The order of a draft's steps: one step after another, in branches and loops, as a graph here needs it.

The tools let an output lead to several steps at once, and lines lead back. Here each output leads to one step, and only
loops repeat. What is changed so is said at the step.
"""

from collections import defaultdict
from collections.abc import Iterable

from actions.contract.errors import DomainError
from flows.graph.document import MAX_EDGES
from foreign_flows.draft import NEXT_OUTPUT, Link, Step

Output = tuple[str, str]
"""A step, by its id, and the name of one of its outputs."""
Targets = dict[Output, str]


def order_steps(steps: dict[str, Step], links: Iterable[Link]) -> Targets:
    """Return where each output leads, one target each and without circles.

    Raises DomainError when there are too many lines.
    """
    outputs = _group_links(steps, links)
    if sum(map(len, outputs.values())) > MAX_EDGES:
        message = f"The steps of the flow are joined by more than {MAX_EDGES:,} lines."
        raise DomainError("too_large", "flow_too_large", message, hint="Export a smaller part of it.")
    _drop_circles(steps, outputs)
    lines = _Lines(steps, outputs)
    for output, found in outputs.items():
        for target in found[1:]:
            lines.append(output, target)
    return lines.targets


def _group_links(steps: dict[str, Step], links: Iterable[Link]) -> dict[Output, list[str]]:
    """Return the steps behind each output, in order. A step without cards is passed over."""
    following: dict[str, list[Link]] = defaultdict(list)
    for link in dict.fromkeys(links):
        if link.source in steps and link.target in steps and link.source != link.target:
            following[link.source].append(link)
    outputs: dict[Output, list[str]] = {}
    for source, step in steps.items():
        if step.cards:
            for link in following[source]:
                key = (source, _name_output(step, link.output))
                behind = _find_steps_with_cards(steps, following, link.target)
                outputs[key] = list(dict.fromkeys([*outputs.get(key, ()), *behind]))
    return outputs


def _name_output(step: Step, output: str) -> str:
    return output if output in step.outputs else NEXT_OUTPUT


def _find_steps_with_cards(steps: dict[str, Step], following: dict[str, list[Link]], first: str) -> list[str]:
    found: dict[str, None] = {}
    todo, seen = [first], {first}
    while todo:
        id = todo.pop(0)
        if steps[id].cards:
            found[id] = None
            continue
        for link in following[id]:
            if link.target not in seen:
                seen.add(link.target)
                todo.append(link.target)
    return list(found)


def _drop_circles(steps: dict[str, Step], outputs: dict[Output, list[str]]) -> None:
    """Remove each way that leads back. A loop here repeats by itself, so its own way back is simply not needed."""
    by_source: dict[str, list[Output]] = defaultdict(list)
    for output in outputs:
        by_source[output[0]].append(output)
    done: set[str] = set()
    for start in steps:
        _walk(steps, outputs, by_source, start, done)


def _walk(
    steps: dict[str, Step],
    outputs: dict[Output, list[str]],
    by_source: dict[str, list[Output]],
    start: str,
    done: set[str],
) -> None:
    if start in done:
        return
    path = {start}
    stack = [(start, _list_ways(outputs, by_source, start))]
    while stack:
        here, ways = stack[-1]
        if not ways:
            stack.pop()
            path.discard(here)
            done.add(here)
            continue
        output, target = ways.pop()
        if target in path:
            outputs[output].remove(target)
            if steps[target].cards[0].action not in ("control.for_each", "control.while"):
                steps[here].change(f"Its way back to {steps[target].title!r} is left out: For each and While repeat.")
        elif target not in done:
            path.add(target)
            stack.append((target, _list_ways(outputs, by_source, target)))


def _list_ways(
    outputs: dict[Output, list[str]], by_source: dict[str, list[Output]], id: str
) -> list[tuple[Output, str]]:
    return [(output, target) for output in by_source[id] for target in outputs[output]][::-1]


class _Lines:
    """Where each output leads, while further steps are put at the ends of lines."""

    def __init__(self, steps: dict[str, Step], outputs: dict[Output, list[str]]) -> None:
        self._steps = steps
        self.targets: Targets = {}
        self._following: dict[str, list[str]] = defaultdict(list)
        for output, found in outputs.items():
            if found:
                self._connect(output, found[0])

    def _connect(self, output: Output, target: str) -> None:
        if output in self.targets:
            self._following[output[0]].remove(self.targets[output])
        self.targets[output] = target
        self._following[output[0]].append(target)

    def append(self, output: Output, target: str) -> None:
        """Let a further step of an output follow at the end of the line of the first one, or before the two join."""
        first = self.targets[output]
        if target in self._find_reach(first):
            return  # the line of the first step leads there already
        source = self._steps[output[0]]
        way = self._find_free_way(output, target)
        if way is None:
            source.change(f"{self._steps[target].title!r} follows it too, and is not connected here.")
            return
        self._connect(way, target)
        if way != output:
            beside = self._steps[first].title
            source.change(f"{self._steps[target].title!r} ran beside {beside!r}; here it runs after it.")

    def _find_free_way(self, output: Output, target: str) -> Output | None:
        """Return the way that can lead to the target; None when there is none."""
        end, reach = self._list_line(self.targets[output])[-1], self._find_reach(target)
        if end in reach:
            return self._find_way_to_join(output, target, reach)
        return (end, NEXT_OUTPUT) if self._steps[end].way_on is not None else None

    def _find_way_to_join(self, output: Output, target: str, reach: set[str]) -> Output | None:
        """Return the last way of the output's line before it comes together with the line of the target.

        It can lead to the target instead, whose line goes on to where the two join. None when only a branch of the
        target leads there, because not every run would come to it.
        """
        way = output
        while (step := self.targets[way]) not in reach:
            way = (step, NEXT_OUTPUT)
        return way if step in self._list_line(target) and output[0] not in reach else None

    def _list_line(self, first: str) -> list[str]:
        """Return the steps that follow each other from this one on, without those of its branches."""
        line = [first]
        while (step := self.targets.get((line[-1], NEXT_OUTPUT))) is not None:
            line.append(step)
        return line

    def _find_reach(self, first: str) -> set[str]:
        reach, todo = {first}, [first]
        while todo:
            for target in self._following[todo.pop()]:
                if target not in reach:
                    reach.add(target)
                    todo.append(target)
        return reach
