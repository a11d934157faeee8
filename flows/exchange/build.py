"""Makes a flow file of a draft: cards in their order, notes for what is left, and a report of each step."""

import json
from collections import Counter
from typing import Any

from actions.contract.errors import DomainError
from flows.engine.secret_values import hide_secrets
from flows.exchange.flow_file import MAX_DESCRIPTION_CHARACTERS, FileFlow, FlowFile, Placeholder, Use
from flows.exchange.layout import place_cards, place_notes
from flows.exchange.lines import Targets, order_steps
from flows.graph.document import MAX_EDGES, MAX_NODES, MAX_NOTES, Graph
from foreign_flows.draft import NEXT_OUTPUT, Ask, Card, Draft, Link, ReportLine, Step
from foreign_flows.model_cards import stream_answer
from foreign_flows.names import make_line, make_title
from foreign_flows.texts import read_expression

FLOW_ID = "flow_1"
MAX_ORIGINAL_CHARACTERS = 4_000
MAX_STICKY_CHARACTERS = 10_000
LEFT_ACTION = "control.log"


def build_flow_file(draft: Draft) -> tuple[FlowFile, list[ReportLine]]:
    """Return the draft as a file of one flow, and what became of each step.

    Raises DomainError when it is larger than a flow can be.
    """
    _check_size(draft)
    steps = {step.id: step for step in draft.steps}
    for step in draft.steps:
        if step.is_on_line and step.outcome == "left" and not step.cards:
            _add_left_card(step, draft)
    _stream_answers(steps, draft.links)
    targets = order_steps({id: step for id, step in steps.items() if step.is_on_line}, draft.links)
    graph = _Graph()
    for step in draft.steps:
        graph.add_step(step)
    graph.connect(steps, targets)
    place_cards(graph.nodes, graph.edges)
    notes = place_notes(_list_note_texts(draft), graph.nodes)
    document = {"schema": 1, "nodes": graph.nodes, "edges": graph.edges, "notes": notes}
    flow = FileFlow(
        id=FLOW_ID,
        name=make_title(draft.name, f"From {draft.tool}"),
        description=make_line(draft.description, MAX_DESCRIPTION_CHARACTERS),
        graph=Graph.model_validate(document),
    )
    file = FlowFile(flows=[flow], placeholders=graph.list_placeholders())
    return file, [_report_step(step) for step in draft.steps if step.sticky is None]


def _check_size(draft: Draft) -> None:
    cards = sum(max(len(step.cards), 1) for step in draft.steps)
    if cards > MAX_NODES or len(draft.links) > MAX_EDGES:
        message = f"The flow becomes {cards:,} cards with {len(draft.links):,} lines."
        hint = f"A flow has {MAX_NODES:,} cards and {MAX_EDGES:,} lines at most: export a smaller part of it."
        raise DomainError("too_large", "flow_too_large", message, hint=hint)
    repeated = [id for id, count in Counter(step.id for step in draft.steps).items() if count > 1]
    if repeated:
        message = f"Two steps of the flow have the id {repeated[0][:60]!r}."
        raise DomainError("invalid", "invalid_file", message, hint="Export the flow again.")


def _add_left_card(step: Step, draft: Draft) -> None:
    """Let a disabled card stand in the line where the step stood. It is passed over, and holds the original."""
    message = f"{draft.tool}: {step.kind} has no counterpart here. Build the step anew in place of this card."
    properties = {"title": step.title, "disabled": True, "message": message, "description": write_original(step)}
    ways = [output for output in step.outputs if output != NEXT_OUTPUT]
    if len(ways) > 1:
        # The branches stay behind the card, and nothing of them runs while it is disabled.
        cases = list(dict.fromkeys(make_title(way, f"Output {place}") for place, way in enumerate(ways, 1)))[:20]
        properties |= {"value": message, "cases": cases}
        del properties["message"]
        step.cards.append(Card("control.switch", properties))
        last = len(cases)
        step.outputs = {way: (0, f"case_{min(place, last)}") for place, way in enumerate(ways, 1)}
    else:
        step.outputs = {}
        step.cards.append(Card(LEFT_ACTION, properties))


def write_original(step: Step) -> str:
    """Return the step as its tool writes it, without the values under the names of secrets."""
    text = json.dumps(hide_secrets(step.original), ensure_ascii=False, indent=1)
    if len(text) > MAX_ORIGINAL_CHARACTERS:
        text = f"{text[:MAX_ORIGINAL_CHARACTERS]}\n… ({len(text):,} characters in all)"
    return f"{step.kind}\n{text}"


def _list_note_texts(draft: Draft) -> list[str]:
    """Return the texts of the notes: those of the tool's own notes, then the parts that hang on a step and are left."""
    stickies = [step.sticky[:MAX_STICKY_CHARACTERS] for step in draft.steps if step.sticky]
    left = [step for step in draft.steps if step.outcome == "left" and not step.is_on_line and step.sticky is None]
    texts = [*stickies, *(f"{step.title}\n{step.note}\n{write_original(step)}" for step in left)]
    return texts[:MAX_NOTES]


def _report_step(step: Step) -> ReportLine:
    actions = () if step.outcome == "left" else tuple(dict.fromkeys(card.action for card in step.cards))
    return ReportLine(step.outcome, step.title, step.kind[:100], actions, step.note[:1_000])


def _stream_answers(steps: dict[str, Step], links: list[Link]) -> None:
    """Let a model stream to the caller where the next step does nothing but answer with the model's text."""
    after = Counter(link.source for link in links)
    before = Counter(link.target for link in links)
    for link in links:
        source, target = steps.get(link.source), steps.get(link.target)
        if source and target and after[source.id] == 1 == before[target.id] and _answers_with(target, source.answer):
            target.cards, target.outcome = [], "mapped"
            target.note = f"The answer of {source.title!r} streams."
            stream_answer(source)


def _answers_with(step: Step, answer: str | None) -> bool:
    if answer is None or [card.action for card in step.cards] != ["control.yield_return"]:
        return False
    value = step.cards[0].properties.get("value")
    return isinstance(value, str) and read_expression(value) == f"{answer}.text"


class _Graph:
    """The nodes and edges that the steps become."""

    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []
        self._ids: dict[tuple[str, int], str] = {}
        self._uses: dict[Ask, list[Use]] = {}

    def add_step(self, step: Step) -> None:
        """Add the cards of a step, joined to one another."""
        for place, card in enumerate(step.cards):
            id = f"step_{len(self.nodes) + 1}"
            self._ids[step.id, place] = id
            properties = {name: value for name, value in card.properties.items() if not isinstance(value, Ask)}
            for name, value in card.properties.items():
                if isinstance(value, Ask):
                    self._uses.setdefault(value, []).append(Use(flow=FLOW_ID, node=id, path=[name]))
            self.nodes.append({"id": id, "action": card.action, "properties": properties})
            if place > 0:
                source, port = card.behind or (place - 1, "continue")
                self._add_edge(self._ids[step.id, source], port, id)

    def connect(self, steps: dict[str, Step], targets: Targets) -> None:
        """Join the steps."""
        for (id, output), target in targets.items():
            step = steps[id]
            way = step.outputs.get(output, step.way_on)
            if way is not None:
                place = way[0] % len(step.cards)
                self._add_edge(self._ids[id, place], way[1], self._ids[target, 0])

    def _add_edge(self, source: str, port: str, target: str) -> None:
        ends = {"source": source, "source_port": port, "target": target, "target_port": "in"}
        self.edges.append({"id": f"line_{len(self.edges) + 1}", "kind": "execution", **ends})

    def list_placeholders(self) -> list[Placeholder]:
        return [
            Placeholder(id=f"ask_{number}", type=ask.type, kind=ask.kind, name=ask.name, uses=uses)
            for number, (ask, uses) in enumerate(self._uses.items(), 1)
        ]
