"""What can happen in a run: the events, their fold into a state, and the recorder that numbers them.

Pure: it knows no engine, no log and no database.
"""
