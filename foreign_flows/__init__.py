"""Reads the exported chat flows of other tools. Pure: it knows files, and no flow, no database and no HTTP.

A reader takes a file apart into `Step`s and `Link`s (`draft.py`), and gives each step the cards that it becomes;
`flows.exchange.build` makes a graph of them. A reader is given any JSON and answers with a draft or a DomainError,
never with another exception.
"""
