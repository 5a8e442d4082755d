"""Every rule for what is said to SQL Server lets the right through and catches the wrong."""

import pytest

from tests.support.tsql.catalogue import Catalogue
from tests.support.tsql.grammar import BadStatementError, read
from tests.support.tsql.rules import RULES, check

GOOD_AND_BAD = {
    "offset_has_an_order": (
        "SELECT a FROM t ORDER BY a OFFSET 0 ROWS FETCH FIRST ? ROWS ONLY",
        "SELECT a FROM t OFFSET 0 ROWS FETCH FIRST ? ROWS ONLY",
    ),
    "an_inner_order_has_a_limit": (
        "SELECT COUNT(*) FROM (SELECT TOP 5 a FROM t ORDER BY a) AS x",
        "SELECT COUNT(*) FROM (SELECT a FROM t ORDER BY a) AS x",
    ),
    "words_of_other_databases_are_left_out": (
        "SELECT TOP 5 a FROM t WHERE b = N'limit'",
        "SELECT a FROM t LIMIT 5",
        "UPDATE t SET a = ? RETURNING a",
        "SELECT a FROM t WHERE b IS TRUE",
        "SELECT a FROM t ORDER BY a NULLS LAST",
        "SELECT a || b FROM t",
        "SELECT group_concat(a) FROM t",
        "INSERT INTO t (a) VALUES (?) ON CONFLICT DO NOTHING",
    ),
    "statements_are_whole": (
        "INSERT INTO t (a) OUTPUT inserted.id VALUES (?)",
        "UPDATE t SET WHERE a = 1",
        "INSERT INTO t (a) VALUES ?",
    ),
    "statements_stay_within_the_limits": (
        f"INSERT INTO t (a, b) VALUES {', '.join(['(?, ?)'] * 1000)}",
        f"INSERT INTO t (a) VALUES {', '.join(['(?)'] * 1001)}",
        f"SELECT a FROM t WHERE a IN ({', '.join(['?'] * 2101)})",
    ),
    "an_insert_of_what_is_missing_locks_its_place": (
        "INSERT INTO t (a) SELECT ? AS a WHERE NOT EXISTS (SELECT 1 FROM t WITH (UPDLOCK, SERIALIZABLE) WHERE a = ?)",
        "INSERT INTO t (a) SELECT ? AS a WHERE NOT EXISTS (SELECT 1 FROM t WHERE a = ?)",
        "INSERT INTO t (a) SELECT ? AS a WHERE NOT EXISTS (SELECT 1 FROM t WITH (UPDLOCK) WHERE a = ?)",
        "INSERT INTO t (a) SELECT ? AS a WHERE NOT EXISTS (SELECT 1 FROM t WITH (NOLOCK) WHERE a = ?)",
    ),
    "reserved_words_are_quoted": (
        "SELECT [user], [plan] FROM [file]",
        "SELECT user FROM t",
        "SELECT a FROM plan",
        "SELECT a AS [public], b AS rule FROM t",
    ),
    "conditions_are_conditions_and_values_are_values": (
        "SELECT CASE WHEN a = ? THEN 1 ELSE 0 END AS x FROM t WHERE b = 1 AND (c IS NULL OR d LIKE ? ESCAPE '\\')",
        "SELECT a < 1 FROM t",
        "SELECT a FROM t WHERE b",
        "SELECT a FROM t WHERE b = 1 AND c",
        "SELECT EXISTS (SELECT 1 FROM t) AS x",
        "SELECT a FROM t WHERE b IS 1",
    ),
    "rows_are_not_compared": (
        "SELECT a FROM t WHERE a IN (SELECT a FROM u)",
        "SELECT a FROM t WHERE (a, b) > (?, ?)",
        "SELECT a FROM t WHERE (a, b) IN (SELECT a, b FROM u)",
        "SELECT a FROM t WHERE a IN (SELECT a, b FROM u)",
    ),
    "types_hold_what_is_stored": (
        "SELECT CAST(a AS NVARCHAR(20)) FROM t",
        "SELECT CAST(a AS VARCHAR(20)) FROM t",
        "CREATE TABLE t (a DATETIME NOT NULL)",
        "CREATE TABLE t (a DATETIMEOFFSET NOT NULL)",
        "CREATE TABLE t (a TEXT NOT NULL)",
    ),
    "patterns_say_how_they_are_escaped": (
        "SELECT a FROM t WHERE a LIKE ? ESCAPE '\\'",
        "SELECT a FROM t WHERE a LIKE ?",
    ),
    "columns_of_subqueries_have_names": (
        "SELECT COUNT(*) FROM (SELECT TOP 5 1 AS one FROM t) AS x",
        "SELECT COUNT(*) FROM (SELECT TOP 5 1 FROM t) AS x",
        "SELECT COUNT(*) FROM (SELECT a, b AS a FROM t) AS x",
        "SELECT COUNT(*) FROM (SELECT ? FROM t) AS x",
        "SELECT COUNT(*) FROM (SELECT a FROM t)",
    ),
    "groups_are_columns": (
        "SELECT a, COUNT(*) FROM t GROUP BY a",
        "SELECT b, COUNT(*) FROM t GROUP BY a",
        "SELECT COUNT(*) FROM t GROUP BY CASE WHEN a = ? THEN 1 ELSE 0 END",
        "SELECT a, COUNT(*) FROM t",
    ),
    "functions_exist": (
        "SELECT COALESCE(MAX(a), 0) FROM t",
        "SELECT strftime('%Y', a) FROM t",
        "SELECT LENGTH(a) FROM t",
    ),
    "texts_are_compared_exactly": (
        "CREATE TABLE t (a NVARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, b NVARCHAR(max) NOT NULL)",
        "CREATE TABLE t (a NVARCHAR(20) NOT NULL)",
        "ALTER TABLE t ADD a NVARCHAR(20) NULL",
        "ALTER TABLE t ADD a NVARCHAR(20) COLLATE Latin1_General_CI_AS NULL",
    ),
    "nothing_cascades": (
        "CREATE TABLE t (a INT NOT NULL, FOREIGN KEY (a) REFERENCES u (a))",
        "CREATE TABLE t (a INT NOT NULL, FOREIGN KEY (a) REFERENCES u (a) ON DELETE CASCADE)",
    ),
    "columns_say_whether_they_take_null": ("CREATE TABLE t (a INT NULL)", "CREATE TABLE t (a INT)"),
}
CASES = [(name, bad) for name, (_, *wrong) in GOOD_AND_BAD.items() for bad in wrong]
TEXT = "NVARCHAR({}) COLLATE Latin1_General_100_BIN2 NOT NULL"


def _check(batch: str) -> None:
    for statement in read(batch):
        check(statement)


def test_every_rule_has_an_example() -> None:
    assert set(GOOD_AND_BAD) == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize("name", GOOD_AND_BAD)
def test_a_rule_lets_the_right_through(name: str) -> None:
    _check(GOOD_AND_BAD[name][0])


@pytest.mark.parametrize(("name", "bad"), CASES, ids=[f"{name}: {bad[:60]}" for name, bad in CASES])
def test_a_rule_catches_the_wrong(name: str, bad: str) -> None:
    rule = next(rule for rule in RULES if rule.__name__ == name)
    try:
        statements = read(bad)
    except BadStatementError:
        return
    assert [said for statement in statements for said in rule(statement)]
    with pytest.raises(BadStatementError):
        _check(bad)


@pytest.mark.parametrize(
    "batch",
    [
        "hello world",
        "SELECT a b c FROM t",
        "SELECT a FROM t FOR UPDATE",
        "SELECT a FROM",
        "SELECT 'a FROM t",
        "BEGIN EXCLUSIVE",
        "PRAGMA foreign_keys = ON",
        "IF @@TRANCOUNT > 0",
        "SET ALL OF IT ON",
    ],
)
def test_what_is_no_statement_is_refused(batch: str) -> None:
    with pytest.raises(BadStatementError):
        _check(batch)


def test_a_semicolon_within_a_text_ends_no_statement() -> None:
    assert [one.text for one in read("SELECT a FROM t WHERE b = 'x;y'; COMMIT TRANSACTION")] == [
        "SELECT a FROM t WHERE b = 'x;y'",
        "COMMIT TRANSACTION",
    ]


@pytest.mark.parametrize(
    "made",
    [
        f"CREATE TABLE t (a {TEXT.format(400)}, CONSTRAINT k PRIMARY KEY (a))",
        f"CREATE TABLE t (a {TEXT.format(800)}, CONSTRAINT k UNIQUE (a))",
        f"CREATE TABLE t (a {TEXT.format(400)}, b {TEXT.format(400)}); CREATE INDEX i ON t (a, b)",
    ],
)
def test_a_key_that_fits_is_taken(made: str) -> None:
    catalogue = Catalogue()
    for statement in read(made):
        catalogue.learn(statement)


@pytest.mark.parametrize(
    "made",
    [
        f"CREATE TABLE t (a {TEXT.format(451)}, CONSTRAINT k PRIMARY KEY (a))",
        f"CREATE TABLE t (a {TEXT.format(851)}, CONSTRAINT k UNIQUE (a))",
        "CREATE TABLE t (a NVARCHAR(max) NOT NULL, CONSTRAINT k UNIQUE (a))",
        "CREATE TABLE t (a NVARCHAR(max) NOT NULL); CREATE INDEX i ON t (a)",
        f"CREATE TABLE t (a {TEXT.format(400)}); ALTER TABLE t ADD b {TEXT.format(500)}; CREATE INDEX i ON t (a, b)",
    ],
)
def test_a_key_that_is_too_long_is_refused(made: str) -> None:
    catalogue = Catalogue()
    *before, last = read(made)
    for statement in before:
        catalogue.learn(statement)
    with pytest.raises(BadStatementError, match="a key of"):
        catalogue.learn(last)
