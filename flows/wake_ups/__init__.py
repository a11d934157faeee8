"""Tells other processes by Redis what has changed. A wake-up that is lost costs time: all of them also look regularly.
It knows ids and the bytes that are said of them, and neither runs nor the database."""
