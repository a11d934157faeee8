"""Collections of documents: documents cut into chunks, with vectors to search them by.

This package itself imports nothing: `document_collections.indexing.worker` runs in a process without Django.
"""
