"""How the settings of the database become their values; a sentence never repeats an address: it may hold a password."""

import re
from urllib.parse import parse_qsl

from bot.settings.values import SQLITE, BadValueError

POSTGRES = "postgresql+asyncpg"
MSSQL = "mssql+aioodbc"
FEWEST, MOST = 3, 1000
"""Connections: a command may hold one to write and one to read, and others are to be served beside it."""

_POSTGRES_NAMES = frozenset({"postgres", "postgresql", POSTGRES})
_MSSQL_NAMES = frozenset({"mssql", MSSQL, "mssql+pyodbc"})
_EXAMPLES = {
    "sqlite": f"Write {SQLITE} and the file's path, for example {SQLITE}data/quartermaster.db.",
    "postgresql": f"Write for example {POSTGRES}://NAME:PASSWORD@HOST/DATABASE.",
    "mssql": f"Write for example {MSSQL}://NAME:PASSWORD@HOST/DATABASE?driver=ODBC+Driver+18+for+SQL+Server.",
}
_ADDRESS = re.compile(
    r"[\w+]+://"
    r"(?:[^:/]*(?::[^@]*)?@)?"
    r"(?:\[[^/?]+\]|(?P<host>[^/:?]+))?(?::(?P<port>[^/?]*))?"
    r"(?:/(?P<database>[^?]*))?(?:\?(?P<options>.*))?"
)
_POSTGRES_OPTIONS = frozenset({"host", "port", "ssl", "sslmode", "passfile", "target_session_attrs"})
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def database_url(value: str) -> str:
    """Return the database's address: a file of SQLite, or a database on a Postgres or SQL Server."""
    given = value.strip()
    if given.startswith(SQLITE):
        return _file(given)
    name = given.partition(":")[0].lower()
    if name in _POSTGRES_NAMES:
        return _on_server(given, _EXAMPLES["postgresql"])
    if name in _MSSQL_NAMES:
        return _on_server(given, _EXAMPLES["mssql"])
    kind = {"postgres": "postgresql"}.get(name.partition("+")[0], name.partition("+")[0])
    if "+" in name and kind in _EXAMPLES:
        raise BadValueError(f"the driver named after “+” is not the one that is used. {_EXAMPLES[kind]}")
    raise BadValueError(f"this is not an address of a database that can be used. {_EXAMPLES['sqlite']}")


def jobs_database_url(value: str) -> str:
    """Return the address of the database of the job engine, which is a Postgres."""
    given = value.strip()
    if given.partition(":")[0].lower() not in _POSTGRES_NAMES:
        raise BadValueError(f"jobs are kept on a Postgres, or in a file if it is left out. {_EXAMPLES['postgresql']}")
    return _on_server(given, _EXAMPLES["postgresql"])


def _file(given: str) -> str:
    path, example = given.removeprefix(SQLITE), _EXAMPLES["sqlite"]
    if not path or ":memory:" in path or path.startswith("file:") or "mode=memory" in path:
        raise BadValueError(f"a database in memory is refused: it would be lost, and mixes up transactions. {example}")
    if "?" in path or "\0" in path:
        raise BadValueError(f"nothing may follow the file's path. {example}")
    return given


def _on_server(given: str, example: str) -> str:
    """Return the address of a database on a server, checked as far as that can be done without asking the server."""
    name, colon, rest = given.partition(":")
    found = _ADDRESS.fullmatch(given)
    if found is None or any(letter.isspace() or not letter.isprintable() for letter in given):
        raise BadValueError(f"this is not the address of a database on a server. {example}")
    if "@" in (found["host"] or ""):
        raise BadValueError(f"an “@” in a name or password is written %40. {example}")
    if not found["database"]:
        raise BadValueError(f"the database's name is missing at its end. {example}")
    if found["port"] is not None and not (re.fullmatch(r"[0-9]{1,5}", found["port"]) and int(found["port"]) <= 0xFFFF):
        raise BadValueError(f"its port is not a number up to 65535. A “:” in a password is written %3A. {example}")
    if name.lower() in _POSTGRES_NAMES:
        _check_postgres_options(found["options"] or "")
    elif not found["host"]:
        raise BadValueError(f"the server's name is missing. {example}")
    return name.lower() + colon + rest


def _check_postgres_options(options: str) -> None:
    for option, value in parse_qsl(options, keep_blank_values=True):
        if option not in _POSTGRES_OPTIONS:
            raise BadValueError(
                "after “?” only host, port, sslmode, passfile and target_session_attrs are understood; the rest is "
                "given as Postgres's own environment variables, for example PGSSLROOTCERT."
            )
        if option in {"ssl", "sslmode"} and value not in _SSL_MODES:
            raise BadValueError(f"its sslmode is one of {', '.join(_SSL_MODES)}.")


def database_pool(value: str | int) -> int:
    """Return how many connections to a server may be open at once."""
    given = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,4}", given) or not FEWEST <= int(given) <= MOST:
        raise BadValueError(f"it has to be a number from {FEWEST} to {MOST}, for example 10.")
    return int(given)
