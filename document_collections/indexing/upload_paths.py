"""Says where a file waits until it is indexed."""

from pathlib import Path
from uuid import UUID

from django.conf import settings


def get_upload_path(document_id: UUID) -> Path:
    folder: Path = settings.MILLRACE_UPLOAD_DIR
    return folder / str(document_id)
