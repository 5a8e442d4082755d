"""What the text of a batch alone says, found out once for each text: a suite sends the same ones a thousand times."""

from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp

from tests.support.tsql.grammar import BadStatementError, Statement, read
from tests.support.tsql.rules import MOST_PARAMETERS, check, hints_of
from tests.support.tsql.translate import translated


@dataclass(frozen=True)
class Prepared:
    """A statement that keeps to the rules.

    `unlocked`: the tables that it reads without a hint. `target`: the table that it changes. `sets_variable`: whether
    it is a SELECT that answers nothing. `locks_workspace`: whether that one takes the lock that writers wait for.
    """

    statement: Statement
    unlocked: frozenset[str]
    target: str
    sets_variable: bool
    locks_workspace: bool

    @property
    def sql(self) -> str:
        """Return it as SQLite understands it."""
        return translated(self.statement)


@dataclass(frozen=True)
class Batch:
    """The statements of a batch, and how many values they ask for."""

    statements: tuple[Prepared, ...]
    asked: int


@lru_cache(maxsize=4000)
def prepare(text: str) -> Batch:
    """Read a batch and hold it against the rules; raises `BadStatementError`."""
    statements = read(text)
    asked = sum(token.text == "?" for statement in statements for token in statement.tokens)
    if asked > MOST_PARAMETERS:
        raise BadStatementError(f"{asked} parameters: {text}")
    for statement in statements:
        check(statement)
    return Batch(tuple(map(_prepared, statements)), asked)


def _prepared(statement: Statement) -> Prepared:
    tables = list(statement.find_all(exp.Table))
    changes = isinstance(statement.tree, exp.Insert | exp.Update | exp.Delete)
    return Prepared(
        statement,
        unlocked=frozenset(table.name for table in tables if not hints_of(table)),
        target=tables[0].name if changes and tables else "",
        sets_variable=_sets_variable(statement.tree),
        locks_workspace=any(table.name == "workspaces" and "UPDLOCK" in hints_of(table) for table in tables),
    )


def _sets_variable(tree: exp.Expr) -> bool:
    first = tree.expressions[0] if isinstance(tree, exp.Select) else None
    return isinstance(first, exp.EQ) and isinstance(first.this, exp.Parameter)
