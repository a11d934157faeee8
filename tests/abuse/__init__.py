"""Abuse by callers: what one caller sends must neither stall the others nor use up the memory.

`probes.watch` observes a server from outside during the abuse. `prober` is the process that asks and measures.
"""
