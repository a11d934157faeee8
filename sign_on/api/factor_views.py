"""The second factor: asked for at sign-in, set up and turned off by its person, reset and required by admins."""

from typing import ClassVar, cast
from uuid import UUID

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.errors import DomainError
from sign_on import factors
from sign_on.api.shapes import FactorSetup, RecoveryCodes
from web.drf.serializers import FlagField, SecretField, StrictSerializer
from web.openapi import NOBODY, SESSION, Answer, operation
from workspaces.access import Permission, authenticate_person, check_csrf
from workspaces.api import shapes
from workspaces.api.members import PeopleView
from workspaces.api.session import SessionView, describe_session
from workspaces.audit.record import Deed, Subject, record
from workspaces.models import Workspace
from workspaces.people.accounts import check_current_password, may_take_over
from workspaces.people.members import find_membership
from workspaces.people.signing_in import find_pending, sign_in
from workspaces.second_factor import has_passed_factor


class Code(StrictSerializer):
    code = SecretField(max_length=100)


class Confirmed(StrictSerializer):
    current = SecretField(max_length=4096, allow_blank=True, default="")


class Requirement(StrictSerializer):
    is_required = FlagField()


class SignInCode(SessionView):
    @operation("give_sign_in_code", "session", Answer(shapes.Me), body=Code, auth=NOBODY)
    def post(self, request: Request) -> Response:
        """End a sign-in that waits for the code of the second factor, or for a recovery code."""
        check_csrf(request._request)
        code = self.read(Code)["code"]
        pending = find_pending(request._request)
        user = pending.find_user() if pending else None
        if pending is None or user is None:
            message = "No sign-in of this browser waits for a code."
            raise DomainError("gone", "no_pending_sign_in", message, hint="Sign in again.")
        factors.check_code(user, code)
        membership = sign_in(request._request, pending, has_passed_factor=True)
        return Response(describe_session(request, membership))


class Setup(SessionView):
    @operation("begin_factor_setup", "account", Answer(FactorSetup), body=Confirmed, auth=SESSION)
    def post(self, request: Request) -> Response:
        """Begin to set up a second factor. Who has a password gives it as `current`."""
        user = authenticate_person(request._request)
        fields = self.read(Confirmed)
        if user.has_usable_password():
            check_current_password(request._request, user, fields["current"])
        return Response(cast(FactorSetup, factors.begin_setup(request._request, user)._asdict()))


class OwnFactor(SessionView):
    @operation("confirm_factor_setup", "account", Answer(RecoveryCodes, 201), body=Code, auth=SESSION)
    def post(self, request: Request) -> Response:
        """Turn the second factor on with a code of it, and sign out everywhere else; the answer has recovery codes."""
        user = authenticate_person(request._request)
        codes = factors.confirm_setup(request._request, user, self.read(Code)["code"])
        return Response({"codes": codes}, status=201)


class NewRecoveryCodes(SessionView):
    @operation("renew_recovery_codes", "account", Answer(RecoveryCodes, 201), body=Code, auth=SESSION)
    def post(self, request: Request) -> Response:
        """Make new recovery codes with a code of the second factor. The older ones end."""
        user = authenticate_person(request._request)
        return Response({"codes": factors.renew_codes(user, self.read(Code)["code"])}, status=201)


class Removal(SessionView):
    @operation("turn_factor_off", "account", Answer(status=204), body=Code, auth=SESSION)
    def post(self, request: Request) -> Response:
        """Turn the second factor off with a code of it, and sign out everywhere else."""
        user = authenticate_person(request._request)
        factors.turn_off(request._request, user, self.read(Code)["code"])
        return Response(status=204)


class MemberFactor(PeopleView):
    permissions: ClassVar[dict[str, Permission]] = {"DELETE": "admin"}

    @operation("reset_member_factor", "members", Answer(status=204))
    def delete(self, request: Request, user_id: UUID) -> Response:
        """End the second factor of a member who has lost it, and sign the person out everywhere."""
        member = find_membership(self.caller.workspace_id, user_id).user
        if member.pk == self.caller.user_id:
            hint = "Turn it off under Account, with a code."
            raise DomainError("forbidden", "own_factor", "This is your own second factor.", hint=hint)
        if not may_take_over(self.admin, member):
            message = f"{member} has rights that you do not have, in another workspace or on the server."
            hint = "Whoever runs the server can reset it: manage.py reset_second_factor --user NAME."
            raise DomainError("forbidden", "not_your_member", message, hint=hint)
        factors.reset(member, self.caller.actor, [self.caller.workspace_id])
        return Response(status=204)


class FactorRequirement(PeopleView):
    permissions: ClassVar[dict[str, Permission]] = {"PUT": "admin"}

    @operation("require_second_factor", "members", Answer(shapes.FactorRule), body=Requirement)
    def put(self, request: Request) -> Response:
        """Say whether the workspace requires a second factor. Who turns it on has signed in with one."""
        is_required: bool = self.read(Requirement)["is_required"]
        if is_required and not has_passed_factor(request._request.session):
            message = "You are signed in without a second factor, and would be the first to be kept out."
            raise DomainError("conflict", "own_factor_first", message, hint="Set one up under Account first.")
        self._store(is_required)
        return Response({"is_offered": True, "is_required": is_required, "is_missing": False})

    def _store(self, is_required: bool) -> None:
        with transaction.atomic():
            workspace = Workspace.objects.select_for_update().get(pk=self.caller.workspace_id)
            if workspace.requires_second_factor == is_required:
                return
            workspace.requires_second_factor = is_required
            workspace.save(update_fields=["requires_second_factor"])
            deed: Deed = "factor.required" if is_required else "factor.not_required"
            record(workspace.pk, self.caller.actor, deed, Subject(workspace.pk, workspace.name))
