"""The id by which this process is known to the other processes that share its database."""

import uuid

PROCESS_ID = uuid.uuid4()
