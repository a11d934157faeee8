"""Prepares an empty database for the experiments; prints what their clients need as one line of JSON.

`python -m tests.faults.seed UPSTREAM NOWHERE`, the addresses of a scripted API and of nothing.
"""

import json
import sys

from bench.seed import create_flow, issue_key, prepare_workspace

SHORTEST_TIME_LIMIT_S = 5
"""The shortest time limit that a connection may have."""

if __name__ == "__main__":
    upstream, nowhere = sys.argv[1:]
    workspace = prepare_workspace()

    from django.test import Client

    from workspaces.models import Membership, Role, User

    member = User.objects.create_user("alice", password=None)
    Membership.objects.create(workspace=workspace, user=member, role=Role.ADMIN)
    browser = Client()
    browser.force_login(member)
    site = {
        "patient": create_flow(workspace, upstream),
        "hurried": create_flow(workspace, upstream, time_limit_s=SHORTEST_TIME_LIMIT_S),
        "again": create_flow(workspace, upstream, trigger={"after_crash": "run_again"}),
        "unreachable": create_flow(workspace, nowhere),
        "key": issue_key(workspace),
        "session": browser.cookies["sessionid"].value,
    }
    sys.stdout.write(f"{json.dumps(site)}\n")
