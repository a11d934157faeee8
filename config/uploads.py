"""Where uploaded files wait until they are indexed: a folder of this machine, or a bucket that all machines reach."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config import environment

PREFIX = f"{environment.PREFIX}UPLOADS_"
MAX_MEMORY_BYTES = 1024 * 1024
"""Of a file that is read; the rest goes to the disk."""
CONNECT_TIMEOUT_S, READ_TIMEOUT_S, TRIES = 5, 20, 2
FOLDER_MODE, FILE_MODE = 0o700, 0o600

Described = dict[str, Any]
"""A storage, as Django's `STORAGES` describes it."""


def describe_folder(folder: Path) -> Described:
    """Return the storage that is a folder, which only the server's user can read."""
    modes = {"directory_permissions_mode": FOLDER_MODE, "file_permissions_mode": FILE_MODE}
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder, **modes}}


def describe_bucket(bucket: str) -> Described | None:
    """Return the storage that is this bucket, None where none is named. Raises ImproperlyConfigured.

    Without a key, the client takes what the machine has: the variables of AWS, or the role of the machine.
    """
    endpoint, region = environment.read_text("UPLOADS_ENDPOINT"), environment.read_text("UPLOADS_REGION")
    key_id, secret = environment.read_text("UPLOADS_KEY_ID"), environment.read_text("UPLOADS_SECRET_KEY")
    if not bucket:
        return None
    if bool(key_id) != bool(secret):
        raise ImproperlyConfigured(f"Set both {PREFIX}KEY_ID and {PREFIX}SECRET_KEY, or neither.")
    if endpoint and (any(environment.split_address(endpoint.rstrip("/"))[2:]) or "@" in endpoint):
        raise ImproperlyConfigured(f"{PREFIX}ENDPOINT is no address of a server. Write it like https://s3.example.com.")
    environment.require_package("storages", f"{PREFIX}BUCKET is set")
    environment.require_package("boto3", f"{PREFIX}BUCKET is set")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint or None,
            "region_name": region or None,
            "access_key": key_id or None,
            "secret_key": secret or None,
            # A token of the environment belongs to a key of the environment, which the client then finds itself.
            "security_token": None,
            "session_profile": None,
            "max_memory_size": MAX_MEMORY_BYTES,
            "client_config": _build_client_config(is_own_server=bool(endpoint)),
        },
    }


def _build_client_config(*, is_own_server: bool) -> Any:
    from botocore.config import Config

    return Config(
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
        signature_version="s3v4",
        s3={"addressing_style": "path" if is_own_server else "auto"},
        # Not every server that speaks S3 knows the newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
