"""Statements for SQL Server as SQLite understands them, once they are known to be good ones.

Text keeps SQL Server's ways: every column has its collation (spaces at the end never count, and case does only with a
binary one) and takes as many UTF-16 units as it says.
"""

from functools import lru_cache

from sqlglot import exp
from sqlglot.expressions import DataType

from tests.support.tsql.catalogue import is_endless
from tests.support.tsql.grammar import Statement

DEFAULT_COLLATION = "SQL_Latin1_General_CP1_CI_AS"


@lru_cache(maxsize=4000)
def translated(statement: Statement) -> str:
    """Return a statement for SQLite whose parameters are @p0, @p1, …"""
    tree = statement.tree.copy()
    if statement.top is not None:
        tree = _delete_some(tree, statement.top)
    for output in tree.find_all(exp.Returning):
        for column in output.find_all(exp.Column):
            column.set("table", None)
    for national in tree.find_all(exp.National):
        national.replace(exp.Literal.string(national.name))
    for cast in tree.find_all(exp.Cast):
        cast.to.set("expressions", [])
    for made in tree.find_all(exp.ColumnDef):
        if made.find(exp.AutoIncrementColumnConstraint, exp.GeneratedAsIdentityColumnConstraint):
            _number(tree, made)
        else:
            _give_ways(made)
    return tree.sql("sqlite", copy=False)


def _delete_some(tree: exp.Expr, most: int) -> exp.Expr:
    table, where = tree.this, tree.args["where"]
    rows = exp.select("rowid").from_(table.copy()).where(where.this.copy()).limit(most)
    return exp.delete(table.copy(), where=exp.column("rowid").isin(query=rows))


def _number(tree: exp.Expr, column: exp.ColumnDef) -> None:
    """Have a column number its rows, no number twice."""
    for constraint in list(tree.find_all(exp.Constraint)):
        if constraint.find(exp.PrimaryKey):
            constraint.pop()
    kinds = (exp.NotNullColumnConstraint(), exp.PrimaryKeyColumnConstraint(), exp.AutoIncrementColumnConstraint())
    column.set("kind", DataType.build("INT"))
    column.set("constraints", [exp.ColumnConstraint(kind=kind) for kind in kinds])


def _give_ways(column: exp.ColumnDef) -> None:
    kind = column.args.get("kind")
    if not isinstance(kind, DataType):
        return
    if kind.this in (DataType.Type.NVARCHAR, DataType.Type.VARCHAR):
        units = None if is_endless(kind) else int(kind.expressions[0].name)
        column.set("kind", DataType.build("TEXT"))
        if column.find(exp.CollateColumnConstraint) is None:
            own = exp.CollateColumnConstraint(this=exp.var(DEFAULT_COLLATION))
            column.append("constraints", exp.ColumnConstraint(kind=own))
        if units is not None:
            fits = exp.LTE(this=exp.func("units", exp.column(column.name)), expression=exp.Literal.number(units))
            column.append("constraints", exp.ColumnConstraint(kind=exp.CheckColumnConstraint(this=fits)))
