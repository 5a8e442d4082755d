"""What the database holds: tables, column types, and the way from one version to the next."""
