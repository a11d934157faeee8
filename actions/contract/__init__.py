"""All that an author of actions imports: action, steps, properties, records, connections, errors.

It knows no vendor, no framework and no flow; `registry` alone loads the families, by their names.
"""
