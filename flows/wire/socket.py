"""The canvas's socket: commands in, events of followed runs out. It translates and holds no run.

Commands are answered in the order they come. Following is a task of its own for each run, so that Stop is
heard while a run streams.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from time import monotonic
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import InterfaceError, OperationalError
from pydantic_core import to_json

from actions.contract.errors import DomainError
from flows import services
from flows.models import Run
from flows.runs.admission import admission
from flows.runs.cancel import STOPPED, cancel_run
from flows.runs.local_run import read_run_events
from flows.runs.prepare import RunCall
from flows.runs.start import start_run
from flows.wire.run_links import require_log
from flows.wire.socket_protocol import (
    BAD_MESSAGES,
    COMMAND_WINDOW_S,
    MAX_COMMANDS,
    MAX_DIRECT_CHARACTERS,
    MAX_FOLLOWED_RUNS,
    MAX_MISTAKES,
    MAX_SOCKETS,
    MESSAGE_LIMITS,
    NO_SUCH_FLOW,
    RESTARTING,
    SIGNED_OUT,
    TOO_BIG,
    TOO_MANY,
    pack_frames,
    read_rule,
    read_run_id,
)
from web.database import in_database
from web.errors import build_no_database, build_not_found, get_body
from web.strict_json import parse_object
from workspaces.access import Caller, authenticate_scope, require_permission
from workspaces.open_access import OpenAccess, access_watch

logger = logging.getLogger(__name__)

open_sockets: Counter[str] = Counter()
"""The open sockets of this process, by their owner."""


class FlowConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One editor on one flow. Refused before it opens without a session; closed when the session ends."""

    async def connect(self) -> None:
        self.flow_id: UUID = self.scope["url_route"]["kwargs"]["flow_id"]
        self.followers: dict[UUID, asyncio.Task[None]] = {}
        self.recent: deque[float] = deque(maxlen=MAX_COMMANDS)
        self.mistakes = 0
        self.forget: list[Callable[[], None]] = []
        self.closing: asyncio.Task[None] | None = None
        caller = await in_database(authenticate_scope, self.scope)
        if caller is None:
            await self.close()
            return
        await self.accept()
        if open_sockets[caller.owner] >= MAX_SOCKETS:
            await self.close(TOO_MANY)
            return
        self._hold_place(caller)
        self.forget.append(admission.on_close(lambda: self.close(RESTARTING)))
        if await in_database(_has_flow, caller, self.flow_id) is False:
            await self.close(NO_SUCH_FLOW)

    def _hold_place(self, caller: Caller) -> None:
        """Count the socket, and watch the session that has opened it, until it is closed."""
        open_sockets[caller.owner] += 1
        self.forget.append(lambda: open_sockets.subtract([caller.owner]))
        self.forget.append(access_watch.add(OpenAccess(caller, on_lost=self._begin_close)))

    def _begin_close(self) -> None:
        self.closing = asyncio.create_task(self.close(SIGNED_OUT), name="close of a signed-out socket")

    async def disconnect(self, code: int) -> None:
        while self.forget:
            self.forget.pop()()
        tasks = [*self.followers.values(), *([self.closing] if self.closing else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._is_flooding():
            await self.close(TOO_MANY)
        elif text_data is not None and len(text_data) > MESSAGE_LIMITS.bytes:
            await self.close(TOO_BIG)
        else:
            await self._answer(text_data if text_data is not None else "")

    def _is_flooding(self) -> bool:
        full = len(self.recent) == MAX_COMMANDS and monotonic() - self.recent[0] < COMMAND_WINDOW_S
        self.recent.append(monotonic())
        return full

    async def _answer(self, text: str) -> None:
        ref: Any = None
        try:
            message = await _parse(text)
            ref = message.get("ref")
            rule = read_rule(message)
            command = COMMANDS[message["type"]]
            caller = await in_database(authenticate_scope, self.scope)
            if caller is None:
                await self.close(SIGNED_OUT)
                return
            require_permission(caller, rule.permission)
            await command(self, caller, message)
        except DomainError as error:
            await self._refuse(error, ref)
        except (OperationalError, InterfaceError):
            logger.exception("no_database")
            await self._refuse(build_no_database(), ref)

    async def _refuse(self, error: DomainError, ref: Any) -> None:
        await self._send({"type": "error", "ref": ref, **get_body(error)})
        self.mistakes += error.kind == "malformed"
        if self.mistakes >= MAX_MISTAKES:
            await self.close(BAD_MESSAGES)

    async def _send(self, message: dict[str, Any]) -> None:
        await self.send(text_data=to_json(message).decode())

    async def start(self, caller: Caller, message: dict[str, Any]) -> None:
        """`run.start`: begin a run of the flow as saved, and follow it."""
        input, revision = message.get("input"), message.get("revision")
        if not isinstance(input, dict):
            raise DomainError("invalid", "invalid_input", "The input must be a JSON object.", field="input")
        if not isinstance(revision, int) or isinstance(revision, bool):
            raise DomainError("invalid", "invalid_input", "The revision must be a whole number.", field="revision")
        self._require_room()
        run = await start_run(lambda: RunCall(caller, self.flow_id, input, len(to_json(input)), revision=revision))
        await self._send({"type": "run.accepted", "ref": message.get("ref"), "run": str(run.id)})
        self._follow(run.id, 0)

    async def follow(self, caller: Caller, message: dict[str, Any]) -> None:
        """`run.follow`: send the events of a run after a cursor, then as they come."""
        run_id, after = read_run_id(message), message.get("after", 0)
        if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= 2**31:
            raise DomainError("malformed", "bad_cursor", "The cursor is not a whole number from 0.", field="after")
        require_log(await in_database(_run_of_flow, caller, run_id, self.flow_id))
        await self._unfollow(run_id)
        self._require_room()
        await self._send({"type": "ok", "ref": message.get("ref"), "run": str(run_id)})
        self._follow(run_id, after)

    async def unfollow(self, caller: Caller, message: dict[str, Any]) -> None:
        """`run.unfollow`: send no more events of a run. The run goes on."""
        await self._unfollow(read_run_id(message))
        await self._send({"type": "ok", "ref": message.get("ref")})

    async def cancel(self, caller: Caller, message: dict[str, Any]) -> None:
        """`run.cancel`: stop a run; answered when its end is stored."""
        run_id = read_run_id(message)
        await in_database(_run_of_flow, caller, run_id, self.flow_id)
        status = await cancel_run(run_id, STOPPED, by=caller.name)
        await self._send({"type": "ok", "ref": message.get("ref"), "run": str(run_id), "status": status})

    async def ping(self, caller: Caller, message: dict[str, Any]) -> None:
        await self._send({"type": "ok", "ref": message.get("ref")})

    def _require_room(self) -> None:
        if len(self.followers) >= MAX_FOLLOWED_RUNS:
            message, hint = f"A socket follows {MAX_FOLLOWED_RUNS} runs at most.", "Unfollow one, or wait for its end."
            raise DomainError("too_many", "too_many_followed", message, hint=hint)

    def _follow(self, run_id: UUID, after: int) -> None:
        task = asyncio.create_task(self._forward(run_id, after), name=f"follow {run_id}")
        self.followers[run_id] = task
        task.add_done_callback(lambda done: self._forget(run_id, done))

    def _forget(self, run_id: UUID, task: asyncio.Task[None]) -> None:
        if self.followers.get(run_id) is task:
            del self.followers[run_id]

    async def _unfollow(self, run_id: UUID) -> None:
        task = self.followers.pop(run_id, None)
        if task:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _forward(self, run_id: UUID, after: int) -> None:
        async with aclosing(read_run_events(run_id, after)) as batches:
            async for frames in batches:
                for message in pack_frames(run_id, frames):
                    await self.send(text_data=message)


async def _parse(text: str) -> dict[str, Any]:
    body = text.encode("utf-8", "surrogatepass")
    if len(text) <= MAX_DIRECT_CHARACTERS:
        return parse_object(body, MESSAGE_LIMITS)
    return await asyncio.to_thread(parse_object, body, MESSAGE_LIMITS)


def _has_flow(caller: Caller, flow_id: UUID) -> bool:
    try:
        services.get_flow(caller.workspace_id, flow_id)
    except DomainError:
        return False
    return True


def _run_of_flow(caller: Caller, run_id: UUID, flow_id: UUID) -> Run:
    run = services.get_run(caller.workspace_id, run_id)
    if run.flow_id != flow_id:
        raise build_not_found()
    return run


Command = Callable[[FlowConsumer, Caller, dict[str, Any]], Awaitable[None]]
COMMANDS: dict[str, Command] = {
    "run.start": FlowConsumer.start,
    "run.follow": FlowConsumer.follow,
    "run.unfollow": FlowConsumer.unfollow,
    "run.cancel": FlowConsumer.cancel,
    "ping": FlowConsumer.ping,
}
