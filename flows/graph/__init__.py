"""What a flow says: the saved document, its structure, scopes, bindings and problems, and the plan compiled from them.

Pure: it knows no run, no database, no HTTP.
"""
