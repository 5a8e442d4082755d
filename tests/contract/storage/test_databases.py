"""Which databases the contracts were tried on, for the summary."""

import pytest

from tests.support import sql_server
from tests.support.databases import DATABASES


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "mssql"])
def test_the_contracts_run_on_every_database(kind: str) -> None:
    if kind == "mssql" and not sql_server.server_url():
        pytest.skip(sql_server.MISSING)
    assert kind in DATABASES
