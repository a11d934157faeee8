"""A server sends spans of its runs and of their calls of models to a collector, where the variables `OTEL_…` say so."""

import signal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from config.observing import read_tracing
from server.tracing.spans import UNNAMED, read_name
from tests.faults.clients import Client, open_session, start_together
from tests.faults.rig import get_site, run_rig
from tests.faults.scaled import needs_services, run_installation
from tests.faults.upstream import WHEN_ASKED, ScriptedPrompt
from tests.server.watching.collector import read_attributes, run_collector
from web.logs import REDACTED, hidden_texts

TRACE_ID, PARENT_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE_ID}-{PARENT_ID}-01"
OTEL_NAMES = (
    *("OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL"),
    *("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"),
)


run_workers = partial(run_installation, 1, 1, "uvicorn", 150)


async def start_traced(client: Client, **headers: str) -> None:
    async with open_session() as session:
        await client.start(session, **headers)


def attributes_of(span: Span) -> dict[str, Any]:
    return read_attributes(span.attributes)


@pytest.mark.parametrize("kind", ["uvicorn", "daphne"])
async def test_a_run_and_its_call_are_spans_of_the_callers_trace(kind: str) -> None:
    async with run_collector() as collector, run_rig(kind, **collector.get_variables()) as (server, _):
        client = Client(server, ScriptedPrompt(chunks=5, pause_s=0.02))
        await start_traced(client, traceparent=TRACEPARENT, tracestate="vendor=1")
        await collector.wait_for(2)
    (run,), (call,) = collector.list_named("invoke_workflow"), collector.list_named("chat")
    assert (run.trace_id.hex(), run.parent_span_id.hex()) == (TRACE_ID, PARENT_ID)
    assert (call.trace_id, call.parent_span_id, call.kind) == (run.trace_id, run.span_id, Span.SPAN_KIND_CLIENT)
    assert run.start_time_unix_nano <= call.start_time_unix_nano < call.end_time_unix_nano <= run.end_time_unix_nano
    assert run.status.code == call.status.code == Status.STATUS_CODE_UNSET
    of_run, of_call = attributes_of(run), attributes_of(call)
    assert of_run.pop("millrace.run.first_item_ms") >= 0
    assert of_run == {
        "gen_ai.operation.name": "invoke_workflow",
        "millrace.run.id": client.run,
        "millrace.flow.id": get_site().flows["patient"],
        "millrace.flow.revision": of_run["millrace.flow.revision"],
        "millrace.run.status": "completed",
        "millrace.run.items": 5,
    }
    assert (
        0
        < of_call.pop("gen_ai.response.time_to_first_chunk")
        < (call.end_time_unix_nano - call.start_time_unix_nano) / 1e9
    )
    assert call.name == f"chat {of_call['gen_ai.request.model']}"
    assert of_call.pop("gen_ai.response.id").startswith("msg_")
    assert of_call.pop("gen_ai.usage.input_tokens") > 0
    assert of_call.pop("gen_ai.usage.output_tokens") > 0
    assert {name: value for name, value in of_call.items() if "cache" not in name and "model" not in name} == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.stream": True,
        "gen_ai.response.finish_reasons": ["end_turn"],
        "server.address": "127.0.0.1",
        "server.port": get_site().upstream_port,
    }


async def test_no_prompt_no_answer_and_no_key_is_sent() -> None:
    async with run_collector() as collector, run_rig("uvicorn", **collector.get_variables()) as (server, _):
        clients = [Client(server, ScriptedPrompt(script, chunks=3)) for script in ("", "after: FIN in mid-body")]
        await start_together(*clients)
        await collector.wait_for(4)
    texts = [event for client in clients for _, data in client.received for event in data.split('"') if "@" in event]
    secrets = (get_site().key, "prompt", "pause_s", *(client.ask.name for client in clients), *texts, "The connection")
    for secret in secrets:
        assert secret.encode() not in collector.raw
    assert texts


async def test_a_call_without_a_trace_begins_one_of_its_own() -> None:
    async with run_collector() as collector, run_rig("uvicorn", **collector.get_variables()) as (server, _):
        clients = [Client(server, ScriptedPrompt(chunks=1)) for _ in range(2)]
        await start_traced(clients[0], traceparent="00-nonsense")
        await start_traced(clients[1])
        await collector.wait_for(4)
    runs = collector.list_named("invoke_workflow")
    assert [run.parent_span_id for run in runs] == [b"", b""]
    assert len({run.trace_id for run in runs}) == 2


async def test_a_failed_call_says_why_and_so_does_its_run() -> None:
    async with run_collector() as collector, run_rig("uvicorn", **collector.get_variables()) as (server, _):
        client = Client(server, ScriptedPrompt("after: FIN in mid-body"))
        await start_together(client)
        await collector.wait_for(2)
    for span in collector.spans:
        assert (span.status.code, span.status.message) == (Status.STATUS_CODE_ERROR, "")
        assert attributes_of(span)["error.type"] == client.last["code"] == "upstream_disconnected"
        assert not span.events


async def test_a_cancelled_run_is_no_error_and_its_call_ends_with_it() -> None:
    async with run_collector() as collector, run_rig("uvicorn", **collector.get_variables()) as (server, _):
        client = Client(server, ScriptedPrompt(WHEN_ASKED), leave_after=2)
        async with open_session() as session:
            await client.start(session)
            await client.cancel(session)
        await collector.wait_for(2)
    (run,) = collector.list_named("invoke_workflow")
    assert attributes_of(run)["millrace.run.status"] == "cancelled"
    assert [span.status.code for span in collector.spans] == [Status.STATUS_CODE_UNSET] * 2


async def test_the_lines_of_a_run_name_its_trace() -> None:
    async with run_collector() as collector:
        variables = collector.get_variables(MILLRACE_LOG_LEVEL="INFO")
        async with run_rig("uvicorn", **variables) as (server, _):
            await start_traced(Client(server, ScriptedPrompt(chunks=1)), traceparent=TRACEPARENT)
            await collector.wait_for(2)
            (line,) = [line for line in server.log().splitlines() if '"run_ended"' in line]
    assert f'"trace_id": "{TRACE_ID}"' in line


async def test_the_last_spans_are_sent_before_the_process_ends() -> None:
    async with run_collector() as collector:
        variables = collector.get_variables(OTEL_BSP_SCHEDULE_DELAY="600000", OTEL_SERVICE_NAME="mill")
        async with run_rig("uvicorn", **variables) as (server, _):
            await start_together(Client(server, ScriptedPrompt(chunks=1)))
            assert collector.spans == []
            server.signal(signal.SIGTERM)
            await collector.wait_for(2)
    assert collector.resource["service.name"] == "mill"
    assert collector.resource["service.instance.id"]


async def test_a_collector_that_is_gone_holds_up_no_run() -> None:
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{get_site().nowhere_port}"}
    async with run_rig("uvicorn", **variables, OTEL_BSP_SCHEDULE_DELAY="50") as (server, _):
        clients = [Client(server, ScriptedPrompt(chunks=3)) for _ in range(3)]
        await start_together(*clients)
        assert [client.last["type"] for client in clients] == ["run.completed"] * 3


@needs_services
async def test_a_run_in_a_worker_belongs_to_the_callers_trace() -> None:
    async with run_collector() as collector, run_workers(**collector.get_variables()) as installation:
        client = Client(installation.webs[0], ScriptedPrompt(chunks=2))
        await start_traced(client, traceparent=TRACEPARENT)
        await collector.wait_for(2)
    (run,) = collector.list_named("invoke_workflow")
    assert (run.trace_id.hex(), run.parent_span_id.hex()) == (TRACE_ID, PARENT_ID)
    assert attributes_of(run)["millrace.run.id"] == client.run


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("claude-opus-4-6", "claude-opus-4-6"),
        ("meta-llama/Llama-3:free@eu", "meta-llama/Llama-3:free@eu"),
        ("What is a mill race?", UNNAMED),
        ("été", UNNAMED),
        ("x" * 201, UNNAMED),
        ("", UNNAMED),
        ("sk-ant-0123456789abcdef", REDACTED),
        ("a-secret-of-the-workspace", REDACTED),
    ],
)
def test_a_model_that_looks_like_no_name_is_not_told(given: str, name: str) -> None:
    token = hidden_texts.set(("a-secret-of-the-workspace",))
    assert read_name(given) == name
    hidden_texts.reset(token)


@pytest.mark.parametrize(
    ("given", "is_on"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, False),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, True),
    ],
)
def test_the_usual_variables_turn_it_on(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], is_on: bool) -> None:
    set_variables(monkeypatch, given)
    assert read_tracing() is is_on


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER is 'zipkin'"),
        (
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc'",
        ),
    ],
)
def test_what_is_not_spoken_is_refused(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], words: str) -> None:
    set_variables(monkeypatch, given)
    with pytest.raises(ImproperlyConfigured, match=words):
        read_tracing()


def set_variables(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name in OTEL_NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
