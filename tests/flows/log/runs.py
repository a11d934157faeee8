"""A run whose events the tests of the log write."""

import uuid

from flows.models import Flow, FlowVersion, Run
from workspaces.models import Workspace


def create_run(workspace: Workspace) -> Run:
    flow = Flow.objects.create(workspace=workspace, name="F")
    version = FlowVersion.objects.create(flow=flow, revision=1, graph={})
    return Run.objects.create(workspace=workspace, flow=flow, version=version, worker=uuid.uuid4())
