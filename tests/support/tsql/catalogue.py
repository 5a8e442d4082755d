"""Rules for what tables are made of. What a table's columns are is learned from the statements that made them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.expressions import DataType

from tests.support.tsql.grammar import BadStatementError, Statement

EXACT = "LATIN1_GENERAL_100_BIN2"
MOST_BYTES, MOST_BYTES_CLUSTERED, MOST_COLUMNS = 1700, 900, 32
_ENDLESS = 1 << 30
_SIZES = {
    DataType.Type.INT: 4,
    DataType.Type.BIGINT: 8,
    DataType.Type.SMALLINT: 2,
    DataType.Type.BIT: 1,
    DataType.Type.DATE: 3,
    DataType.Type.TIME: 5,
    DataType.Type.DATETIME2: 8,
}


def texts_are_compared_exactly(statement: Statement) -> Iterator[str]:
    for column in columns_of(statement.tree):
        kind = column.find(DataType)
        if kind is None or kind.this is not DataType.Type.NVARCHAR or is_endless(kind):
            continue
        collation = column.find(exp.CollateColumnConstraint)
        if collation is None or collation.this.name.upper() != EXACT:
            yield f"{column.name} ignores case"


def nothing_cascades(statement: Statement) -> Iterator[str]:
    if isinstance(statement.tree, exp.Create | exp.Alter):
        words = [token.text.upper() for token in statement.tokens]
        if "CASCADE" in words or ("ON" in words and "DELETE" in words):
            yield "several paths of cascades to a table are refused"


def columns_say_whether_they_take_null(statement: Statement) -> Iterator[str]:
    if not isinstance(statement.tree, exp.Create):
        return
    for column in columns_of(statement.tree):
        if column.find(exp.NotNullColumnConstraint) is None:
            yield f"{column.name} leaves it to the connection whether it takes NULL"


SCHEMA_RULES: tuple[Callable[[Statement], Iterator[str]], ...] = (
    texts_are_compared_exactly,
    nothing_cascades,
    columns_say_whether_they_take_null,
)


@dataclass
class Catalogue:
    """The tables that statements have made so far."""

    sizes: dict[str, dict[str, int]] = field(default_factory=dict)
    numbered: dict[str, str] = field(default_factory=dict)

    def learn(self, statement: Statement) -> None:
        """Take in what a statement makes; raises `BadStatementError` for keys that are too long."""
        tree = statement.tree
        if isinstance(tree, exp.Alter):
            self._learn_columns(tree.this.name, tree)
        elif isinstance(tree, exp.Drop) and tree.kind == "TABLE":
            for table in tree.find_all(exp.Table):
                del self.sizes[table.name]
                self.numbered.pop(table.name, None)
        elif isinstance(tree, exp.Create) and tree.kind == "TABLE":
            self._learn_columns(tree.this.this.name, tree)
            for key in tree.find_all(exp.PrimaryKey):
                self._check(statement, tree.this.this.name, key.expressions, MOST_BYTES_CLUSTERED)
            for unique in tree.find_all(exp.UniqueColumnConstraint):
                columns = unique.this.expressions if isinstance(unique.this, exp.Schema) else ()
                self._check(statement, tree.this.this.name, columns, MOST_BYTES)
        elif isinstance(tree, exp.Create) and tree.kind == "INDEX":
            index = tree.find(exp.Index)
            parameters = tree.find(exp.IndexParameters)
            if index is None or parameters is None:
                raise BadStatementError(f"an index of nothing: {statement.text}")
            self._check(statement, index.args["table"].name, parameters.args.get("columns") or (), MOST_BYTES)

    def _learn_columns(self, table: str, tree: exp.Expr) -> None:
        known = self.sizes.setdefault(table, {})
        for column in columns_of(tree):
            kind = column.find(DataType)
            known[column.name] = _size(kind) if kind else _ENDLESS
            if column.find(exp.GeneratedAsIdentityColumnConstraint) or column.find(exp.AutoIncrementColumnConstraint):
                self.numbered[table] = column.name

    def _check(self, statement: Statement, table: str, columns: Sequence[exp.Expr], most: int) -> None:
        names = [name for column in columns for name in [column.find(exp.Identifier)] if name]
        total = sum(self.sizes[table][name.this] for name in names)
        if not names or total > most or len(names) > MOST_COLUMNS:
            raise BadStatementError(f"a key of {total} bytes: {statement.text}")


def columns_of(tree: exp.Expr) -> Iterator[exp.ColumnDef]:
    """Return the columns that a statement makes."""
    return tree.find_all(exp.ColumnDef)


def is_endless(kind: DataType) -> bool:
    """Tell whether a type is one of any length."""
    return not kind.expressions or kind.expressions[0].name.upper() == "MAX"


def _size(kind: DataType) -> int:
    if kind.this in (DataType.Type.NVARCHAR, DataType.Type.VARCHAR):
        return _ENDLESS if is_endless(kind) else 2 * int(kind.expressions[0].name)
    return _SIZES.get(kind.this, _ENDLESS)
