"""Second factors: codes of an app (TOTP), and recovery codes for whoever has lost it. Sync.

The rows and the arithmetic are allauth's. `User.has_second_factor` says the same as its rows, in the same transaction,
for the room below, which asks it at each sign-in.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.db import transaction
from django.http import HttpRequest

from actions.contract.errors import DomainError
from connections import secrets
from workspaces.audit.record import Actor, Subject, record, record_of_person
from workspaces.models import User
from workspaces.people.sessions import end_other_sessions, keep_session
from workspaces.second_factor import PASSED_KEY
from workspaces.throttle import Throttle

SETUP_KEY = "second_factor_setup"
"""The session's key for the sealed secret of a factor that is being set up."""
CODE_LIMIT = Throttle("second-factor", max_events=5, window_s=900)
"""Of wrong codes of a person, from all addresses together: whoever gives one has the password already."""
USED_CODES = Throttle("used-code", max_events=1, window_s=120)
"""A code of the app is valid for 90 seconds, and works once."""
SEALED_FIELDS = ("secret", "seed")
"""The fields of allauth's rows that are sealed."""

log = structlog.get_logger(__name__)


class Setup(NamedTuple):
    """A factor that is not confirmed yet."""

    secret: str
    """For whoever types it into the app."""
    address: str
    """For the app, `otpauth://…`."""
    picture: str
    """The address as a QR code, an SVG."""


def read_factor(user: User) -> tuple[datetime | None, int]:
    """Return since when the person has a factor, None for none, and how many recovery codes are left."""
    rows = {row.type: row for row in Authenticator.objects.filter(user_id=user.pk)}
    app, codes = rows.get(Authenticator.Type.TOTP), rows.get(Authenticator.Type.RECOVERY_CODES)
    return (app.created_at if app else None), _count_left(codes) if codes else 0


def begin_setup(request: HttpRequest, user: User) -> Setup:
    """Return a new secret, which is kept in the session until a code of it confirms that the app has it."""
    _require_no_factor(user)
    secret, adapter = generate_totp_secret(), get_adapter()
    request.session[SETUP_KEY] = adapter.encrypt(secret)
    address = adapter.build_totp_url(user, secret)
    return Setup(secret, address, adapter.build_totp_svg(address))


def confirm_setup(request: HttpRequest, user: User, code: str) -> list[str]:
    """Turn the factor on, sign the person out everywhere else, and return the recovery codes.

    Raises DomainError: `wrong_code`, `no_setup`, and `second_factor_is_on`.
    """
    sealed = request.session.get(SETUP_KEY)
    if not sealed:
        raise DomainError("conflict", "no_setup", "The setup has expired.", hint="Begin it again.")
    secret = get_adapter().decrypt(sealed)
    if not validate_totp_code(secret, code):
        raise _build_wrong_code()
    with transaction.atomic():
        _require_no_factor(User.objects.select_for_update().get(pk=user.pk))
        TOTP.activate(user, secret)
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
        USED_CODES.count(str(user.pk), _normalize(code))
        _mark(user, has_factor=True)
        del request.session[SETUP_KEY]
        request.session[PASSED_KEY] = True
        keep_session(request, user)
        record_of_person(user, "factor.set_up")
    return codes


def check_code(user: User, code: str) -> None:
    """Use up a code of the app, or a recovery code. Raises DomainError: `wrong_code`, `too_many`.

    Not within a transaction, which would undo the count of wrong codes.
    """
    with transaction.atomic():
        # The rows are held, so that of two requests with one code only one finds it unused, and no burst is uncounted.
        rows = {row.type: row for row in Authenticator.objects.select_for_update().filter(user_id=user.pk)}
        CODE_LIMIT.check(str(user.pk))
        try:
            is_right = _use_code(user, rows, _normalize(code))
        except secrets.SecretError:
            raise _build_unreadable() from None
        if not is_right:
            CODE_LIMIT.count(str(user.pk))
    if not is_right:
        log.warning("second_factor_refused", user=str(user.pk))
        raise _build_wrong_code()


def renew_codes(user: User, code: str) -> list[str]:
    """Return new recovery codes in the place of all older ones. Raises DomainError as `check_code` does."""
    check_code(user, code)
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).delete()
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
        record_of_person(user, "factor.codes_renewed")
    return codes


def turn_off(request: HttpRequest, user: User, code: str) -> None:
    """End the person's factor, and sign the person out everywhere else. Raises DomainError as `check_code` does."""
    check_code(user, code)
    with transaction.atomic():
        _remove(user)
        request.session.pop(PASSED_KEY, None)
        keep_session(request, user)
        record_of_person(user, "factor.turned_off")


def reset(user: User, by: Actor, workspace_ids: list[UUID]) -> None:
    """End the factor of somebody who has lost it, and sign the person out everywhere. It is recorded in the workspaces.

    Raises DomainError `no_second_factor`.
    """
    with transaction.atomic():
        if not User.objects.select_for_update().get(pk=user.pk).has_second_factor:
            raise DomainError("conflict", "no_second_factor", f"{user} has no second factor.")
        _remove(user)
        end_other_sessions(user, None)
        for workspace_id in workspace_ids:
            record(workspace_id, by, "factor.reset", Subject(user.pk, str(user)))


def rotate_secrets() -> tuple[int, int]:
    """Seal all secrets with the newest key of the server. Return how many rows were sealed, and how many cannot be."""
    rotated = unreadable = 0
    for row in Authenticator.objects.iterator():
        try:
            with transaction.atomic():
                _rotate_row(Authenticator.objects.select_for_update().get(pk=row.pk))
            rotated += 1
        except secrets.SecretError:
            unreadable += 1
    return rotated, unreadable


def _rotate_row(row: Authenticator) -> None:
    row.data |= {name: secrets.rotate(row.data[name]) for name in SEALED_FIELDS if name in row.data}
    row.save(update_fields=["data"])


def _use_code(user: User, rows: dict[str, Authenticator], code: str) -> bool:
    app, recovery = rows.get(Authenticator.Type.TOTP), rows.get(Authenticator.Type.RECOVERY_CODES)
    if app and not USED_CODES.is_full(str(user.pk), code) and TOTP(app).validate_code(code):
        USED_CODES.count(str(user.pk), code)
        app.record_usage()
        return True
    if recovery is None or not RecoveryCodes(recovery).validate_code(code):
        return False
    recovery.refresh_from_db()
    record_of_person(user, "factor.recovery_code_used", f"{_count_left(recovery)} left")
    return True


def _count_left(recovery: Authenticator) -> int:
    """Return how many recovery codes are not used. The key that seals them is not needed."""
    used: int = recovery.data["used_mask"]
    return int(app_settings.RECOVERY_CODE_COUNT) - used.bit_count()


def _remove(user: User) -> None:
    Authenticator.objects.filter(user_id=user.pk).delete()
    _mark(user, has_factor=False)


def _mark(user: User, *, has_factor: bool) -> None:
    user.has_second_factor = has_factor
    user.save(update_fields=["has_second_factor"])


def _require_no_factor(user: User) -> None:
    if user.has_second_factor:
        hint = "Turn it off first, to set up another one."
        raise DomainError("conflict", "second_factor_is_on", "You have a second factor already.", hint=hint)


def _normalize(code: str) -> str:
    """Return the digits: people type a code with the blanks or the hyphen with which it was shown."""
    return "".join(character for character in code if character.isascii() and character.isdigit())


def _build_unreadable() -> DomainError:
    message = "No encryption key of this server fits your second factor."
    hint = "Whoever runs the server can bring the key back, or reset it: manage.py reset_second_factor --user NAME."
    return DomainError("unavailable", "second_factor_unreadable", message, hint=hint)


def _build_wrong_code() -> DomainError:
    message = "This code is wrong, or was used already."
    hint = "Wait for the next code of the app, and check that the clock of the device is right."
    return DomainError("invalid", "wrong_code", message, field="code", hint=hint)
