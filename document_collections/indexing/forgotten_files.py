"""Removes files that no document waits for: those of processes that died, and those that a bucket did not give up."""

import asyncio
import logging
from collections.abc import Collection
from uuid import UUID

from document_collections.indexing.waiting_files import list_files, remove_old_file
from document_collections.models import Document, DocumentStatus
from web.database import in_database

logger = logging.getLogger(__name__)

MAX_LOOK_S = 30.0


async def remove_forgotten_files() -> None:
    """Look through the files once, beside the threads of the database and for 30 s at most: a bucket may take its time.

    What is left then waits for the next look. Raises DatabaseError.
    """
    try:
        async with asyncio.timeout(MAX_LOOK_S):
            files = await asyncio.to_thread(list_files)
            for id in await in_database(_find_forgotten, files) if files else ():
                await asyncio.to_thread(remove_old_file, id)
    except OSError as error:  # of the folder, or the time is over
        logger.warning("uploads_not_tidied", extra={"reason": type(error).__name__})


def _find_forgotten(files: Collection[UUID]) -> set[UUID]:
    """Return the files that no document waits for. Files are listed first: one that came later is not among them."""
    waiting = Document.objects.filter(status=DocumentStatus.INDEXING).values_list("pk", flat=True)
    return set(files).difference(waiting)
