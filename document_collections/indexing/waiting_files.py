"""Keeps an uploaded file until it is indexed, in the storage `uploads` of the settings: a folder, or a bucket. Sync."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils import timezone

from actions.contract.errors import ActionError, DomainError

PROBE = "millrace-start-"
"""What the name of an object begins with that is written, read and deleted to see whether the bucket can be used."""
FORGOTTEN_AFTER = timedelta(hours=1)
"""A file is stored before its document: one that is younger may still get its document."""
UPLOAD_AGAIN_HINT = "Upload the file again."
RETRY_AFTER_S = 10
REASONS = {
    **dict.fromkeys(("404", "NoSuchBucket"), "there is no such bucket"),
    **dict.fromkeys(("403", "AccessDenied"), "the key may not write, list, read and delete in it"),
    **dict.fromkeys(("InvalidAccessKeyId", "SignatureDoesNotMatch"), "the key is wrong"),
    **dict.fromkeys(("ExpiredToken", "InvalidToken"), "the key is over or wrong"),
    **dict.fromkeys(("PermanentRedirect", "AuthorizationHeaderMalformed"), "it is in another region"),
}
"""By the code of a refusal."""
MAY_PASS = frozenset({"InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout", "500", "502", "503", "504"})
"""The codes of refusals that may pass by themselves."""

logger = logging.getLogger(__name__)


def store_file(document_id: UUID, file: "File[bytes]") -> None:
    """Keep the file. Raises DomainError (`unavailable`) when the bucket cannot be reached, or refuses."""
    try:
        _get_storage().save(str(document_id), file)
    except _list_faults() as error:
        logger.error("upload_not_stored", extra={"reason": _describe_fault(error)})
        message, hint = "The file could not be stored, because the place for uploads does not answer.", "Try again."
        raise DomainError("unavailable", "no_upload_storage", message, hint=hint, retry_after_s=RETRY_AFTER_S) from None


def remove_file(document_id: UUID) -> None:
    """Remove the file, if it is there. What a bucket that is away keeps is no fault of the document: it is logged."""
    try:
        _get_storage().delete(str(document_id))
    except _list_faults() as error:
        extra = {"document": str(document_id), "reason": _describe_fault(error)}
        logger.warning("upload_not_removed", extra=extra)


@contextmanager
def open_as_path(document_id: UUID) -> Iterator[Path]:
    """Yield where the file is on this machine, for the time of the block. Raises ActionError when it is not there."""
    with _bring_here(str(document_id)) as path:
        if not path.is_file():
            raise ActionError("interrupted", "The file is not there any more.", UPLOAD_AGAIN_HINT)
        yield path


def list_files() -> list[UUID]:
    """Return the documents whose file is here. Empty when the bucket cannot be reached."""
    try:
        return [UUID(name) for name in _get_storage().listdir("")[1] if _is_id(name)]
    except FileNotFoundError:  # nothing was ever uploaded, so there is no folder
        return []
    except _list_faults() as error:
        logger.warning("uploads_not_listed", extra={"reason": _describe_fault(error)})
        return []


def remove_old_file(document_id: UUID) -> None:
    """Remove the file if it has been here for an hour."""
    try:
        is_old = _get_storage().get_modified_time(str(document_id)) < timezone.now() - FORGOTTEN_AFTER
    except FileNotFoundError:  # it has left meanwhile
        return
    except _list_faults():  # so has it, or the bucket is away: then the next look finds it again
        return
    if is_old:
        remove_file(document_id)


def check_storage() -> None:
    """Write, list, read and delete an object, where files are kept in a bucket.

    Raises ImproperlyConfigured, without the key, when the bucket or the key is wrong. What may pass is logged: a bucket
    that is away must not keep streams from being served.
    """
    if not settings.MILLRACE_UPLOADS_BUCKET:
        return
    storage, name = _get_storage(), f"{PROBE}{uuid4()}"
    try:
        storage.save(name, ContentFile(b"-"))
        storage.listdir("")
        with storage.open(name) as probe:
            probe.read()
        storage.delete(name)
    except _list_faults() as error:
        place = f"The bucket {settings.MILLRACE_UPLOADS_BUCKET!r} for uploads"
        hint = "Check the settings MILLRACE_UPLOADS_…, and that the key may write, list, read and delete."
        message = f"{place} cannot be used: {_describe_fault(error)}. {hint}"
        if not _may_pass(error):
            raise ImproperlyConfigured(message) from None
        logger.warning("uploads_not_checked", extra={"hint": message})


def _get_storage() -> Storage:
    return storages["uploads"]


@contextmanager
def _bring_here(name: str) -> Iterator[Path]:
    """Yield the path of the file itself, or that of a copy of what is in the bucket."""
    if not settings.MILLRACE_UPLOADS_BUCKET:
        yield Path(_get_storage().path(name))
        return
    with tempfile.TemporaryDirectory(prefix="millrace-upload-") as folder:
        copy = Path(folder) / name
        try:
            with _get_storage().open(name) as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
        except FileNotFoundError:
            copy.unlink(missing_ok=True)
        except _list_faults() as error:
            logger.error("upload_not_read", extra={"document": name, "reason": _describe_fault(error)})
            message = "The place where uploads are kept did not answer."
            raise ActionError("interrupted", message, UPLOAD_AGAIN_HINT) from None
        yield copy


def _list_faults() -> tuple[type[Exception], ...]:
    """Return what the client of S3 raises when a bucket does not answer or refuses. A folder has no client."""
    if not settings.MILLRACE_UPLOADS_BUCKET:
        return ()
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError
    from s3transfer.exceptions import RetriesExceededError

    return (Boto3Error, BotoCoreError, ClientError, RetriesExceededError)


def _may_pass(error: Exception) -> bool:
    """Return whether the bucket may do the same a little later: it did not answer, or says that it is busy."""
    from botocore.exceptions import ConnectionError, HTTPClientError
    from s3transfer.exceptions import RetriesExceededError

    return _read_code(error) in MAY_PASS or isinstance(error, ConnectionError | HTTPClientError | RetriesExceededError)


def _describe_fault(error: Exception) -> str:
    """Return in words what went wrong. The client's own message is left out: it can have parts of the key."""
    code = _read_code(error)
    if code is None:
        return f"{'nothing answers there' if _may_pass(error) else 'it cannot be asked'} ({type(error).__name__})"
    return REASONS.get(code) or f"it refuses with {code or 'no code'}"


def _read_code(error: Exception) -> str | None:
    """Return the code of a bucket's refusal, None when it did not answer."""
    causes = (error, error.__cause__, error.__context__)
    answers = [answer for cause in causes if (answer := getattr(cause, "response", None))]
    return str(answers[0].get("Error", {}).get("Code", ""))[:40] if answers else None


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
