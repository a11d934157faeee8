"""Schedules: when a cron expression is due, and the trigger that starts a flow then."""
