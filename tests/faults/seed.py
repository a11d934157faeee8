"""Prepares an empty database for the experiments; prints what their clients need as one line of JSON.

`python -m tests.faults.seed UPSTREAM NOWHERE`, the addresses of a scripted API and of nothing.
"""

import json
import sys
from typing import Any

from bench.seed import create_flow, issue_key, prepare_workspace

SHORTEST_TIME_LIMIT_S = 5
"""The shortest time limit that a connection may have."""


def create_http_flow(workspace: Any) -> str:
    """Return the id of a flow that takes no chat."""
    from flows import services
    from tests.flows.scripted import graph, node

    return str(services.create_flow(workspace.pk, "Orders", "", graph([node("trigger", "http.trigger")], [])).pk)


def create_tool(workspace: Any, name: str) -> str:
    """Return the id of a flow that is offered as a tool, is not published, and answers an order with an object."""
    from flows import services
    from tests.flows.scripted import graph, node, path

    fields = {"count": {"type": "integer", "minimum": 1}}
    schema = {"type": "object", "properties": fields, "required": ["count"]}
    trigger = node("trigger", "http.trigger", body_schema=schema, offer_as_tool=True)
    answer = node("return", "control.return", value={"expression": "{'ordered': request.count}"})
    document = graph([trigger, answer], path("trigger", "return"))
    return str(services.create_flow(workspace.pk, name, f"Takes an {name.lower()}.", document).pk)


def create_scheduled_flow(workspace: Any) -> str:
    """Return the id of a flow that is published, and starts by itself each New Year, until a test says otherwise."""
    from flows import services
    from flows.versions.listing import get_version
    from flows.versions.publish import publish_version
    from tests.flows.scripted import graph, node, path
    from workspaces.audit.record import SERVER

    trigger = node("trigger", "schedule.trigger", expression="0 0 1 1 *")
    answer = node("return", "control.return", value={"expression": "schedule.due_at"})
    document = graph([trigger, answer], path("trigger", "return"))
    flow = services.create_flow(workspace.pk, "Report", "", document)
    publish_version(get_version(flow, flow.revision), "production", "", SERVER)
    return str(flow.pk)


def issue_limited_key(workspace: Any, flow: str) -> str:
    """Return a key that may run one flow alone."""
    from workspaces import keys

    limits = {"policies": ["execute"], "environments": ["development"], "flows": [flow]}
    return keys.issue_key(workspace, None, name="limited", **limits)[1]


def create_history_flow(workspace: Any) -> str:
    """Return the id of a flow that keeps a history, and answers how many messages it has found there."""
    from flows import services
    from tests.flows.scripted import graph, node, path, trigger

    session = {"session_id": {"expression": "chatCompletionRequest.session_id"}}
    said = {"user_message": {"expression": "chatCompletionRequest.prompt"}, "response": "Noted."}
    nodes = [
        trigger(),
        node("read", "chat.get_history", **session),
        node("yield", "control.yield_return", value={"expression": "string(size(history))"}),
        node("save", "chat.save_history", **session, **said),
    ]
    document = graph(nodes, path("trigger", "read", "yield", "save"))
    return str(services.create_flow(workspace.pk, "Remember", "", document).pk)


def create_kinds_flow(workspace: Any) -> str:
    """Return the id of a flow that yields one of each kind beside its text."""
    from flows import services
    from tests.flows.events.golden import GRAPHS

    return str(services.create_flow(workspace.pk, "Kinds", "", GRAPHS["kinds"]).pk)


if __name__ == "__main__":
    upstream, nowhere = sys.argv[1:]
    workspace = prepare_workspace()

    from django.test import Client

    from workspaces.models import Membership, Role, User, Workspace

    member = User.objects.create_user("alice", password=None)
    Membership.objects.create(workspace=workspace, user=member, role=Role.ADMIN)
    neighbours = Workspace.objects.create(name="Neighbours")
    create_tool(neighbours, "Neighbour")
    order = create_tool(workspace, "Order")
    browser = Client()
    browser.force_login(member)
    site = {
        "patient": create_flow(workspace, upstream),
        "hurried": create_flow(workspace, upstream, time_limit_s=SHORTEST_TIME_LIMIT_S),
        "again": create_flow(workspace, upstream, trigger={"after_crash": "run_again"}),
        "heard": create_flow(workspace, upstream, trigger={"on_disconnect": "cancel", "disconnect_grace": 1}),
        "http": create_http_flow(workspace),
        "history": create_history_flow(workspace),
        "tool": create_flow(workspace, upstream, trigger={"offer_as_tool": True}, name="Desk"),
        "kinds": create_kinds_flow(workspace),
        "scheduled": create_scheduled_flow(workspace),
        "unreachable": create_flow(workspace, nowhere),
        "key": issue_key(workspace, "development"),
        "neighbours_key": issue_key(neighbours, "development"),
        "production_key": issue_key(workspace),
        "order_key": issue_limited_key(workspace, order),
        "session": browser.cookies["sessionid"].value,
    }
    sys.stdout.write(f"{json.dumps(site)}\n")
