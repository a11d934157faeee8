"""Reads flows of Langflow, whose lines carry data from one component to the next."""
