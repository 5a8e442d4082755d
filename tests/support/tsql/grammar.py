"""Transact-SQL read by a parser that is not SQLAlchemy, refusing whatever it does not wholly understand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokenizer_core import Token


class BadStatementError(Exception):
    """A statement is not Transact-SQL, or breaks a rule."""


Node = TypeVar("Node", bound=exp.Expr)


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement: its words, its tokens, its tree, and what was read beside it.

    `top`: how many rows a DELETE is limited to. `condition`: what an IF before the statement asks.
    """

    text: str
    tokens: tuple[Token, ...]
    tree: exp.Expr
    top: int | None = None
    condition: exp.Expr | None = None

    @cached_property
    def _nodes(self) -> tuple[exp.Expr, ...]:
        return tuple(self.tree.walk())

    def find_all(self, *kinds: type[Node]) -> Iterator[Node]:
        """Yield what of the tree is of a kind; the tree is gone through once, however many rules ask."""
        return (node for node in self._nodes if isinstance(node, kinds))


# What the documentation has and the parser has not, each read by its whole grammar and given on as its nearest kin.
_SNAPSHOT = re.compile(r"SET TRANSACTION ISOLATION LEVEL SNAPSHOT")
_DELETE_TOP = re.compile(r"DELETE TOP \((\d+)\) FROM ")
_IF = re.compile(r"IF (@@?\w+ [<>=]+ -?\d+|EXISTS \(.*?\)) (?=ROLLBACK|ALTER|BEGIN|THROW)")
_THROW = re.compile(r"THROW (\d{5,}), N'[^']*', (\d{1,3})")
_SET_ON = re.compile(
    r"SET (?:(?:ANSI_NULLS|ANSI_PADDING|ANSI_WARNINGS|ARITHABORT|CONCAT_NULL_YIELDS_NULL|QUOTED_IDENTIFIER"
    r"|NUMERIC_ROUNDABORT|NOCOUNT|XACT_ABORT)(?:, )?)+ (?:ON|OFF)"
)
_SET_NUMBER = re.compile(r"SET (?:LOCK_TIMEOUT|TEXTSIZE) -?\d+")
_ALTER_DATABASE = re.compile(
    r"ALTER DATABASE CURRENT SET (?:ALLOW_SNAPSHOT_ISOLATION|READ_COMMITTED_SNAPSHOT) (?:ON|OFF)"
)
_NOTHING = "SET NOCOUNT ON"


@lru_cache(maxsize=4000)
def read(batch: str) -> tuple[Statement, ...]:
    """Return the statements of a batch; raises `BadStatementError`."""
    return tuple(_statements(batch))


def _statements(batch: str) -> Iterator[Statement]:
    for part, text in _split(batch):
        top, condition = None, None
        if match := _IF.match(text):
            asked = match[1]
            condition = _parse(f"SELECT CASE WHEN {asked} THEN 1 END")
            text = text[match.end() :]
        elif text.upper().startswith("IF"):
            raise BadStatementError(f"an IF that is not understood: {part}")
        if match := _DELETE_TOP.match(text):
            top = int(match[1])
            text = f"DELETE FROM {text[match.end() :]}"
        if any(known.fullmatch(text) for known in (_SET_ON, _SET_NUMBER, _ALTER_DATABASE, _THROW)):
            text = _NOTHING
        plain = _SNAPSHOT.sub("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", text)
        yield Statement(part, tuple(_tokens(part)), _parse(plain), top, condition)


def _split(batch: str) -> Iterator[tuple[str, str]]:
    """Cut a batch at the semicolons that end statements, not at those within texts.

    Each comes as it is, and with the names @p0, @p1, … for its question marks, whose order the tree does not tell.
    """
    tokens = [*_tokens(batch), None]
    start, named, count = 0, "", 0
    done = 0
    for token in tokens:
        if token is not None and token.text == "?" and token.end == token.start:
            named += f"{batch[done : token.start]}@p{count}"
            done, count = token.end + 1, count + 1
        elif token is None or token.text == ";":
            end = len(batch) if token is None else token.start
            part, named = batch[start:end].strip(), (named + batch[done:end]).strip()
            if part:
                yield part, named
            start = done = end + 1
            named = ""


def _tokens(text: str) -> list[Token]:
    try:
        return sqlglot.tokenize(text, read="tsql")
    except SqlglotError as error:
        raise BadStatementError(f"{error}: {text}") from error


def _parse(text: str) -> exp.Expr:
    try:
        trees = sqlglot.parse(text, dialect="tsql", error_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise BadStatementError(f"{error}: {text}") from error
    if len(trees) != 1 or trees[0] is None:
        raise BadStatementError(f"not one statement: {text}")
    if isinstance(trees[0], exp.Command | exp.Alias | exp.Column | exp.Literal):
        raise BadStatementError(f"no statement that is understood: {text}")
    return trees[0]
