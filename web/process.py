"""Who this process is to the others that share its database."""

import uuid

THIS = uuid.uuid4()
