"""What a statement for SQL Server has to keep to, beside its grammar. Each rule yields what it finds wrong.

Sources: Microsoft's documentation of Transact-SQL (SELECT, ORDER BY, INSERT, table hints, LIKE, CREATE TABLE, CREATE
INDEX, search conditions) and "Maximum capacity specifications".
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from sqlglot import exp
from sqlglot.expressions import DataType

from tests.support.tsql.catalogue import SCHEMA_RULES
from tests.support.tsql.grammar import BadStatementError, Statement
from tests.support.tsql.reserved import RESERVED

MOST_PARAMETERS = 2100
MOST_ROWS = 1000

Rule = Callable[[Statement], Iterator[str]]

_FOREIGN_WORDS = frozenset(
    {"LIMIT", "RETURNING", "ILIKE", "NULLS", "CONFLICT", "TRUE", "FALSE", "SERIAL", "GROUP_CONCAT", "||"}
)
_PREDICATES = (exp.Predicate, exp.And, exp.Or, exp.Not, exp.Exists, exp.Escape)
_OTHER_TYPES = {
    DataType.Type.VARCHAR: "VARCHAR holds no Unicode: NVARCHAR",
    DataType.Type.CHAR: "CHAR holds no Unicode: NVARCHAR",
    DataType.Type.TEXT: "TEXT is on its way out: NVARCHAR",
    DataType.Type.DATETIME: "DATETIME is too coarse: DATETIME2",
    DataType.Type.SMALLDATETIME: "SMALLDATETIME is too coarse: DATETIME2",
    DataType.Type.TIMESTAMPTZ: "DATETIMEOFFSET is bound as text by FreeTDS: DATETIME2",
}
# As the parser calls them: the branches of a CASE are IFs.
_FUNCTIONS = frozenset(
    {
        "COUNT",
        "MIN",
        "MAX",
        "SUM",
        "CAST",
        "CASE",
        "IF",
        "COALESCE",
        "STRING_AGG",
        "GROUP_CONCAT",
        "REPLACE",
        "ROW_NUMBER",
    }
)
_SYSTEM_FUNCTIONS = frozenset({"OBJECT_ID", "DB_ID", "DB_NAME", "SCHEMA_NAME", "SYSUTCDATETIME"})


def check(statement: Statement, *, skip: frozenset[str] = frozenset()) -> None:
    """Hold a statement against every rule but those of the given names; raises `BadStatementError`."""
    found = [said for rule in RULES if rule.__name__ not in skip for said in rule(statement)]
    if found:
        raise BadStatementError(f"{'; '.join(found)}: {statement.text}")


def offset_has_an_order(statement: Statement) -> Iterator[str]:
    for query in statement.find_all(exp.Query):
        if (query.args.get("offset") or isinstance(query.args.get("limit"), exp.Fetch)) and not query.args.get("order"):
            yield "OFFSET and FETCH need ORDER BY"


def an_inner_order_has_a_limit(statement: Statement) -> Iterator[str]:
    for query in statement.find_all(exp.Query):
        is_inner = query.parent is not None and not isinstance(query.parent, exp.Insert)
        if is_inner and query.args.get("order") and not (query.args.get("limit") or query.args.get("offset")):
            yield "ORDER BY in a subquery needs TOP or OFFSET"


def words_of_other_databases_are_left_out(statement: Statement) -> Iterator[str]:
    for token in statement.tokens:
        if token.text.upper() in _FOREIGN_WORDS and token.token_type.name not in ("STRING", "NATIONAL_STRING"):
            yield f"{token.text} is not Transact-SQL"


def statements_are_whole(statement: Statement) -> Iterator[str]:
    tree = statement.tree
    if isinstance(tree, exp.Update) and not tree.expressions:
        yield "an update of nothing"
    if isinstance(tree, exp.Insert) and not isinstance(tree.expression, exp.Values | exp.Query):
        yield "an insert of nothing"
    for word, following in pairwise(statement.tokens):
        if word.text.upper() == "VALUES" and following.text != "(":
            yield "rows of VALUES stand in brackets"


def statements_stay_within_the_limits(statement: Statement) -> Iterator[str]:
    parameters = sum(token.text == "?" for token in statement.tokens)
    if parameters > MOST_PARAMETERS:
        yield f"{parameters} parameters"
    for values in statement.find_all(exp.Values):
        if len(values.expressions) > MOST_ROWS:
            yield f"{len(values.expressions)} rows of VALUES"


def an_insert_of_what_is_missing_locks_its_place(statement: Statement) -> Iterator[str]:
    tree = statement.tree
    if not isinstance(tree, exp.Insert) or tree.expression is None:
        return
    target = tree.find(exp.Table)
    for table in tree.expression.find_all(exp.Table):
        if target is not None and table.name == target.name and not {"UPDLOCK", "SERIALIZABLE"} <= hints_of(table):
            yield "what is read before it is inserted needs UPDLOCK and SERIALIZABLE"


def reserved_words_are_quoted(statement: Statement) -> Iterator[str]:
    if isinstance(statement.tree, exp.Set | exp.Transaction | exp.Commit | exp.Rollback):
        return
    for name in statement.find_all(exp.Identifier):
        if not name.quoted and name.this.upper() in RESERVED:
            yield f"{name.this} is reserved"


def conditions_are_conditions_and_values_are_values(statement: Statement) -> Iterator[str]:
    for is_ in statement.find_all(exp.Is):
        if not isinstance(is_.expression, exp.Null):
            yield "IS takes NULL only"
    for query in statement.find_all(exp.Select):
        for value in query.expressions:
            inner = value.this if isinstance(value, exp.Alias) else value
            # `@name = column` sets a variable.
            sets = isinstance(inner, exp.EQ) and isinstance(inner.this, exp.Parameter)
            if isinstance(inner.unnest(), _PREDICATES) and not sets:
                yield "a condition is no value"
    for holder in statement.find_all(exp.Where, exp.And, exp.Or):
        for side in ("this", "expression"):
            value = holder.args.get(side)
            if value is not None and not isinstance(value.unnest(), _PREDICATES):
                yield f"{value.sql('tsql')} is no condition"


def rows_are_not_compared(statement: Statement) -> Iterator[str]:
    for row in statement.find_all(exp.Tuple):
        if not isinstance(row.parent, exp.Values) and not row.find_ancestor(exp.Schema):
            yield "there are no row values"
    for within in statement.find_all(exp.In):
        query = within.args.get("query")
        if query is not None and len(query.unnest().selects) != 1:
            yield "IN compares one column"


def types_hold_what_is_stored(statement: Statement) -> Iterator[str]:
    if "alembic_version" in statement.text:
        return
    for kind in statement.find_all(DataType):
        if kind.this in _OTHER_TYPES:
            yield _OTHER_TYPES[kind.this]


def patterns_say_how_they_are_escaped(statement: Statement) -> Iterator[str]:
    for like in statement.find_all(exp.Like):
        if not isinstance(like.parent, exp.Escape):
            yield "LIKE without ESCAPE takes [ for the beginning of a set"


def columns_of_subqueries_have_names(statement: Statement) -> Iterator[str]:
    for query in statement.find_all(exp.Subquery):
        if not isinstance(query.parent, exp.From | exp.Join):
            continue
        if not query.alias:
            yield "a subquery in FROM needs a name"
        names = [value.alias_or_name for value in query.this.selects if not isinstance(value, exp.Star)]
        if not all(names) or any(isinstance(value, exp.Literal | exp.Parameter) for value in query.this.selects):
            yield "every column of a subquery in FROM needs a name"
        if len(set(names)) < len(names):
            yield "every column of a subquery in FROM needs a name of its own"


def groups_are_columns(statement: Statement) -> Iterator[str]:
    for query in statement.find_all(exp.Select):
        group = query.args.get("group")
        by = [column.sql("tsql") for column in group.expressions] if group else []
        if group and not all(isinstance(column, exp.Column) for column in group.expressions):
            yield "what is grouped by has to be a column: a parameter is never the same twice"
        values = [value.unalias() for value in query.expressions]
        if group or any(isinstance(value, exp.AggFunc) for value in values):
            for value in values:
                is_known = isinstance(value, exp.AggFunc | exp.Subquery | exp.Literal) or value.sql("tsql") in by
                if not is_known:
                    yield f"{value.sql('tsql')} is neither grouped by nor an aggregate"


def functions_exist(statement: Statement) -> Iterator[str]:
    for call in statement.find_all(exp.Func):
        name = call.name if isinstance(call, exp.Anonymous) else call.sql_name()
        if name.upper() not in _FUNCTIONS | _SYSTEM_FUNCTIONS and not isinstance(call, exp.Connector | exp.Exists):
            yield f"{name} is not among the functions known to exist"


def hints_of(table: exp.Table) -> set[str]:
    """Return the hints of a table."""
    return {hint.name.upper() for group in table.args.get("hints") or () for hint in getattr(group, "expressions", ())}


RULES: tuple[Rule, ...] = (
    offset_has_an_order,
    an_inner_order_has_a_limit,
    words_of_other_databases_are_left_out,
    statements_are_whole,
    statements_stay_within_the_limits,
    an_insert_of_what_is_missing_locks_its_place,
    reserved_words_are_quoted,
    conditions_are_conditions_and_values_are_values,
    rows_are_not_compared,
    types_hold_what_is_stored,
    patterns_say_how_they_are_escaped,
    columns_of_subqueries_have_names,
    groups_are_columns,
    functions_exist,
    *SCHEMA_RULES,
)
