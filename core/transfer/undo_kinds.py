"""What undo entries of imports are known by."""

_IMPORT = ".import"


def import_kind(noun: str) -> str:
    """Return the kind of the undo entries of imports."""
    return f"{noun}{_IMPORT}"


def is_import(kind: str) -> bool:
    """Tell whether a kind of undo entry is that of imports, of whatever; those are taken back in steps."""
    return kind.endswith(_IMPORT)
