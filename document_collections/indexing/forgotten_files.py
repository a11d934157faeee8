"""Removes files that no document waits for: those of processes that died, and those that a bucket did not give up."""

import asyncio
from collections.abc import Collection
from uuid import UUID

from document_collections.indexing.waiting_files import list_old_files, remove_file
from document_collections.models import Document, DocumentStatus
from web.database import in_database


async def remove_forgotten_files() -> None:
    """Look through the files once, beside the threads of the database: a bucket may take its time."""
    files = await asyncio.to_thread(list_old_files)
    for id in await in_database(_find_forgotten, files) if files else ():
        await asyncio.to_thread(remove_file, id)


def _find_forgotten(files: Collection[UUID]) -> set[UUID]:
    waiting = Document.objects.filter(status=DocumentStatus.INDEXING).values_list("pk", flat=True)
    return set(files).difference(waiting)
