"""The private names of DBOS that we use are there still; where one is not, `unofficial.py` is to change."""

import inspect
import re
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

import dbos
import pytest
from dbos import _dbos, _sys_db
from dbos._schemas.system_database import SystemSchema

from adapters import jobs
from adapters.jobs import unofficial

CHANGE = "DBOS {version} has no {name} any more: adapters/jobs/unofficial.py has to do without it, see why it is there"


THERE: Mapping[str, Callable[[], bool]] = {
    "DBOS._sys_db": lambda: isinstance(getattr(dbos.DBOS, "_sys_db", None), property),
    "SystemDatabase._retry_connection_errors": lambda: (
        "_retry_connection_errors" in _sys_db.SystemDatabase.__init__.__code__.co_names
        and '"_retry_connection_errors"' in inspect.getsource(_sys_db.db_retry)
    ),
    "DBOS._recover_pending_workflows": lambda: callable(getattr(dbos.DBOS, "_recover_pending_workflows", None)),
    "line that it failed to launch": lambda: unofficial.LAUNCH_FAILED in inspect.getsource(_dbos),
    "line that something is queued already": lambda: unofficial.QUEUED_ALREADY in inspect.getsource(_sys_db),
    "table workflow_status": lambda: unofficial.PROBE.split()[1] in SystemSchema.workflow_status.columns,
}


@pytest.mark.parametrize("name", THERE)
def test_what_we_use_of_dbos_unofficially_is_there(name: str) -> None:
    assert THERE[name](), CHANGE.format(version=version("dbos"), name=name)


def test_private_names_of_dbos_are_used_in_one_module_alone() -> None:
    folder = Path(inspect.getfile(jobs)).parent
    private = re.compile(r"from dbos\._|import dbos\._|DBOS\._|dbos\)?\._[a-z]")
    users = [file.name for file in sorted(folder.glob("*.py")) if private.search(file.read_text())]
    assert users == ["unofficial.py"]
