"""What the runs of a workspace cost: counted by day after they have ended, priced, and added up for readers.

It knows rows and the log, and no run's task and no HTTP.
"""
