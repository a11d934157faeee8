"""A call of the Messages API: sent, read, retried, and told apart when it fails. It knows no property and no flow."""
