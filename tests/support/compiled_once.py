"""Statements compiled once a process: each of the many engines that tests make would compile all of them anew."""

from sqlalchemy import Dialect


def compile_once(dialect: type[Dialect]) -> None:
    """Have what engines of a dialect compile be taken for the same; a process of tests has one server of each kind."""

    def is_same(own: Dialect, other: object) -> bool:
        return type(own) is type(other)

    def key(own: Dialect) -> int:
        return hash(type(own))

    dialect.__eq__ = is_same  # type: ignore[method-assign, assignment]
    dialect.__hash__ = key  # type: ignore[method-assign, assignment]
