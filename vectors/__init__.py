"""Collections: documents cut into chunks, with vectors to search them by. Nothing here is imported by its name alone:
`vectors.worker` runs in a process without Django.
"""
