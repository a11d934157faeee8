"""Flows, runs and the catalogue over REST. It calls runs and wire, and no other part calls it."""
