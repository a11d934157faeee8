"""The people of a workspace: invitations, members and their roles; and a person's own password and sessions."""
