"""What stands in for SQL Server where there is none: a strict reader of its language, and a driver backed by SQLite."""
