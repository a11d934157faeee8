"""Where files wait until they are indexed."""

from pathlib import Path
from uuid import UUID

from django.conf import settings


def path_of(document_id: UUID) -> Path:
    folder: Path = settings.MILLRACE_UPLOAD_DIR
    return folder / str(document_id)
