"""Calls of the Messages API: sending, reading, retrying, and naming what fails. It knows no property and no flow."""
