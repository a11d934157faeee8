"""Tells other processes by Redis that something has changed. A wake-up that is lost costs time: all of them also look
regularly. It knows ids, and neither runs nor the database."""
