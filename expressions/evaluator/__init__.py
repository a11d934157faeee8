"""Evaluates large expressions in a process of its own, with limits of memory and time. It may end at any time.

It knows no run, no database and no Django.
"""
