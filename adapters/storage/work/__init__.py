"""Units of work: the repositories of one workspace on one transaction."""
