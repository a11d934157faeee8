"""The addresses of sessions, people, API keys, the audit log, storage and kept logs, below `/api/v1/`."""

from django.urls import path

from workspaces.api import audit_log
from workspaces.api.account import Account, OtherSessions, Password, SessionItem
from workspaces.api.api_keys import ApiKeyItem, ApiKeys, OldSecretOfKey, RotatedKey
from workspaces.api.joining import AcceptInvitation, OpenInvitation, ResetPassword, SignUp
from workspaces.api.members import InvitationItem, Invitations, MemberItem, Members, PasswordLinks
from workspaces.api.retention import Retention
from workspaces.api.session import Me, SignIn, SignOut
from workspaces.api.storage import StorageUse

urlpatterns = [
    path("me", Me.as_view()),
    path("sign-in", SignIn.as_view()),
    path("sign-out", SignOut.as_view()),
    path("account", Account.as_view()),
    path("account/password", Password.as_view()),
    path("account/sessions", OtherSessions.as_view()),
    path("account/sessions/<uuid:session_id>", SessionItem.as_view()),
    path("reset-password", ResetPassword.as_view()),
    path("members", Members.as_view()),
    path("members/<uuid:user_id>", MemberItem.as_view()),
    path("members/<uuid:user_id>/password-link", PasswordLinks.as_view()),
    path("invitations", Invitations.as_view()),
    path("invitations/<uuid:invitation_id>", InvitationItem.as_view()),
    path("open-invitation", OpenInvitation.as_view()),
    path("accept-invitation", AcceptInvitation.as_view()),
    path("sign-up", SignUp.as_view()),
    path("audit-log", audit_log.AuditLog.as_view()),
    path("audit-log/export", audit_log.export),
    path("api-keys", ApiKeys.as_view()),
    path("api-keys/<uuid:key_id>", ApiKeyItem.as_view()),
    path("api-keys/<uuid:key_id>/rotation", RotatedKey.as_view()),
    path("api-keys/<uuid:key_id>/old-secret", OldSecretOfKey.as_view()),
    path("storage", StorageUse.as_view()),
    path("retention", Retention.as_view()),
]
