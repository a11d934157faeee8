"""Collections of documents: documents cut into chunks, with vectors to search them by.

It imports nothing by its name alone: `document_collections.indexing.worker` runs in a process without Django.
"""
