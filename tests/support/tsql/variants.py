"""Values of the type sql_variant, which no driver can describe (FreeTDS's ends in HY091): whoever wants one casts it.

By Microsoft's documentation of catalogue views and of metadata functions, these columns and functions have that type.
"""

import re
from functools import lru_cache

from tests.support.tsql.grammar import BadStatementError

_NAMES = (
    "seed_value", "increment_value", "last_value",  # sys.identity_columns
    "start_value", "minimum_value", "maximum_value", "current_value",  # sys.sequences
    "value_in_use",  # sys.configurations
    "SERVERPROPERTY", "DATABASEPROPERTYEX", "SESSIONPROPERTY", "SESSION_CONTEXT", "CONNECTIONPROPERTY",
)  # fmt: skip
_BARE = re.compile(rf"(?<!CAST\()\b(?:{'|'.join(_NAMES)})\b")


@lru_cache(maxsize=4000)
def refuse_variants(batch: str) -> None:
    """Raise `BadStatementError` for a question whose answer would be a sql_variant."""
    if batch.startswith("SELECT") and (found := _BARE.search(batch)):
        raise BadStatementError(f"{found[0]} is a sql_variant, which has to be cast: {batch}")
