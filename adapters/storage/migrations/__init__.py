"""The history of the schema, one for every database.

A revision is a module in `versions`, written by hand and never changed once released; its name is added to `REVISIONS`,
which is how a running process knows its own schema without importing Alembic. A test holds all three together.
"""

REVISIONS = (
    *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010"),
    *("0011", "0012", "0013", "0014", "0015", "0016", "0017", "0018", "0019", "0020"),
    *("0021", "0022", "0023", "0024", "0025", "0026", "0027", "0028", "0029", "0030"),
    "0031",
)
"""Every revision, oldest first."""
