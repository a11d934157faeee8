"""Reads flows of Flowise: chatflows, whose lines carry data, and agentflows, whose lines are the order."""
