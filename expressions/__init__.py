"""The expressions of CEL: checks them, bounds what they cost, and evaluates them over JSON.

Pure: it knows no graph, no run, no database and no HTTP.
"""
