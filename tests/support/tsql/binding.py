"""Which tables of a statement are bound to one workspace."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlglot import exp

from tests.support.tsql.grammar import Statement

WORKSPACE = "workspace_id"


def unbound(statement: Statement, values: Mapping[str, Any], workspace_id: int) -> Iterator[str]:
    """Yield what of a statement may be of any workspace.

    A table is bound where its own query, and no other part of the statement, compares its column with the number of the
    workspace or with that of a table that is bound there or around it. What is inserted has that number.
    """
    tree = statement.tree
    target = tree.this.this if isinstance(tree, exp.Insert) else None
    if isinstance(tree, exp.Insert):
        yield from _unbound_rows(tree, values, workspace_id)
    for query in tree.find_all(exp.Select, exp.Update, exp.Delete):
        tables = [table for table in query.find_all(exp.Table) if _query_of(table) is query and table is not target]
        bound = _bound_in(query, values, workspace_id)
        names = {table.alias_or_name: table.name for table in tables}
        yield from (f"{names[name]} of any workspace: {statement.text}" for name in names if name not in bound)


def _query_of(node: exp.Expr) -> exp.Expr | None:
    return node.find_ancestor(exp.Select, exp.Update, exp.Delete)


def _bound_in(query: exp.Expr, values: Mapping[str, Any], workspace_id: int) -> set[str]:
    """Return the tables that a query binds, with those of the queries around it, which it may compare with."""
    outer = _query_of(query)
    around = _bound_in(outer, values, workspace_id) if outer is not None else set()
    return _bound(query, values, workspace_id, around)


def _itself(value: exp.Expr) -> exp.Expr:
    """Return a column to which nothing is added, so that no index is taken by it, as that column."""
    if isinstance(value, exp.Add) and isinstance(value.right, exp.Literal) and value.right.this == "0":
        return value.left
    return value


def _bound(query: exp.Expr, values: Mapping[str, Any], workspace_id: int, around: set[str]) -> set[str]:
    own = {table.alias_or_name for table in query.find_all(exp.Table) if _query_of(table) is query}
    bound = around - own
    alike: list[tuple[str, str]] = []
    for equal in query.find_all(exp.EQ):
        nearest = equal.find_ancestor(exp.Or, exp.Not, exp.Case, exp.Select, exp.Update, exp.Delete)
        if nearest is not query:
            continue
        left, right = _itself(equal.left), equal.right
        if not isinstance(left, exp.Column) or left.name not in (WORKSPACE, "id"):
            continue
        is_own = left.name == WORKSPACE or left.table == "workspaces"
        if is_own and isinstance(right, exp.Parameter) and values[right.name] == workspace_id:
            bound.add(left.table)
        elif isinstance(right, exp.Column) and left.name == right.name == WORKSPACE:
            alike += [(left.table, right.table), (right.table, left.table)]
    for _ in alike:
        bound |= {name for name, other in alike if other in bound}
    return bound


def _unbound_rows(tree: exp.Insert, values: Mapping[str, Any], workspace_id: int) -> Iterator[str]:
    names = [column.name for column in tree.this.expressions]
    if WORKSPACE not in names:
        yield f"a row of no workspace: {tree.sql('tsql')}"
        return
    place = names.index(WORKSPACE)
    rows = tree.expression.expressions if isinstance(tree.expression, exp.Values) else [tree.expression]
    for row in rows:
        value = row.expressions[place].unalias()
        if not isinstance(value, exp.Parameter) or values[value.name] != workspace_id:
            yield f"a row of another workspace: {tree.sql('tsql')}"
