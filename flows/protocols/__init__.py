"""Flows as other servers' clients call them: one closed folder for each protocol.

`parse` turns a call of the protocol into the input of a chat trigger, `encode` writes the log of the run in the
protocol's words, `views` are its addresses. A protocol starts runs by `flows.runs.start` and sends them by
`flows.wire`, as the API does: there is no second way. No protocol knows another one.
"""
