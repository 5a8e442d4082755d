"""Members of a workspace, their identities and roles."""
