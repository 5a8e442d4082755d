"""The repositories of one workspace, written once for every database."""
